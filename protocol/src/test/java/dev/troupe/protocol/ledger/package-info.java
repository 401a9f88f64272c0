/** What the journal holds, tried. */
@NullMarked
package dev.troupe.protocol.ledger;

import org.jspecify.annotations.NullMarked;
