/** The ledger's durable form: segments, epochs that fence them, recovery and audit; no actor. */
@NullMarked
package dev.troupe.actors.journal;

import org.jspecify.annotations.NullMarked;
