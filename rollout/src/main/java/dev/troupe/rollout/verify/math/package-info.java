/** Whether a response's mathematical answer means the same as the reference answer. */
@NullMarked
package dev.troupe.rollout.verify.math;

import org.jspecify.annotations.NullMarked;
