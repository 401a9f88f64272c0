/** Verifiers that are functions in Python, in processes that are started and watched here. */
@NullMarked
package dev.troupe.rollout.verify.python;

import org.jspecify.annotations.NullMarked;
