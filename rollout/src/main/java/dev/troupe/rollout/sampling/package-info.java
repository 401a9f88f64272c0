/** Completions drawn from a decoder: many sequences side by side, reproducible one by one. */
@NullMarked
package dev.troupe.rollout.sampling;

import org.jspecify.annotations.NullMarked;
