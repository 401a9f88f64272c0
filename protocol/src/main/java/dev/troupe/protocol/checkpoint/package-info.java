/** Weights, optimizer, random state and ledger position, committed together. */
@NullMarked
package dev.troupe.protocol.checkpoint;

import org.jspecify.annotations.NullMarked;
