/** Gymnasium's MuJoCo tasks, on the library that this machine has. */
@NullMarked
package dev.troupe.rollout.environment.mujoco;

import org.jspecify.annotations.NullMarked;
