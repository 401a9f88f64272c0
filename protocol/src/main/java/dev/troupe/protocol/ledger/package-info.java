/** The account of every trajectory, as events. */
@NullMarked
package dev.troupe.protocol.ledger;

import org.jspecify.annotations.NullMarked;
