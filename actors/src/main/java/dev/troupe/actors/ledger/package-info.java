/** Keeping the books: decisions about leases, trajectories and batches; no clock, disk or actor. */
@NullMarked
package dev.troupe.actors.ledger;

import org.jspecify.annotations.NullMarked;
