/** Gymnasium's classic control tasks, to the last bit. */
@NullMarked
package dev.troupe.rollout.environment.classic;

import org.jspecify.annotations.NullMarked;
