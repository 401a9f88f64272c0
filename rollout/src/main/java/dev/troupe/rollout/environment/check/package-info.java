/** Finds the usual mistakes in an environment. */
@NullMarked
package dev.troupe.rollout.environment.check;

import org.jspecify.annotations.NullMarked;
