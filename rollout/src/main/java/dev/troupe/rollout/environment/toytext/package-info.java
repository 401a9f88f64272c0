/** Gymnasium's tabular tasks. */
@NullMarked
package dev.troupe.rollout.environment.toytext;

import org.jspecify.annotations.NullMarked;
