/** The actor that keeps a run's books; what it decides is in the ledger package. */
@NullMarked
package dev.troupe.actors.replay;

import org.jspecify.annotations.NullMarked;
