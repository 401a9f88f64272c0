/** How good a policy is: greedy answers to held-out tasks. */
@NullMarked
package dev.troupe.rollout.evaluation;

import org.jspecify.annotations.NullMarked;
