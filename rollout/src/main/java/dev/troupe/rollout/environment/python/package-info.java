/** Finds a Python on this machine and what is installed beside it. */
@NullMarked
package dev.troupe.rollout.environment.python;

import org.jspecify.annotations.NullMarked;
