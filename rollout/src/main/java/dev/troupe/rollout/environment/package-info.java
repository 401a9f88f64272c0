/** Environments: what one is, how many step together, how they are named, kept and judged. */
@NullMarked
package dev.troupe.rollout.environment;

import org.jspecify.annotations.NullMarked;
