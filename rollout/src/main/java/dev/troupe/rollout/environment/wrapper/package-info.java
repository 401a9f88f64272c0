/** Environments around environments: they scale, clip, stack and normalise. */
@NullMarked
package dev.troupe.rollout.environment.wrapper;

import org.jspecify.annotations.NullMarked;
