/** Who judges trajectories, and how a verifier that fails becomes a typed outcome. */
@NullMarked
package dev.troupe.rollout.verify;

import org.jspecify.annotations.NullMarked;
