/** Where tasks and supervised examples come from: pure functions of a seed and a number. */
@NullMarked
package dev.troupe.rollout.task;

import org.jspecify.annotations.NullMarked;
