/** Environments of Gymnasium, played by a Python program that Troupe starts. */
@NullMarked
package dev.troupe.rollout.environment.gymnasium;

import org.jspecify.annotations.NullMarked;
