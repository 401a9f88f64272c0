/** Rewards of an answer's length and of what it repeats. */
@NullMarked
package dev.troupe.rollout.verify.length;

import org.jspecify.annotations.NullMarked;
