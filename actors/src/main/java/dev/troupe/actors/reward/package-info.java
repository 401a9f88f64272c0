/** The actors that judge trajectories. */
@NullMarked
package dev.troupe.actors.reward;

import org.jspecify.annotations.NullMarked;
