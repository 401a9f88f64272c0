/** The actors that sample trajectories. */
@NullMarked
package dev.troupe.actors.rollout;

import org.jspecify.annotations.NullMarked;
