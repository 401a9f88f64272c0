/** Fragments: a policy plays in a vector of environments, and what happens is recorded. */
@NullMarked
package dev.troupe.rollout.fragment;

import org.jspecify.annotations.NullMarked;
