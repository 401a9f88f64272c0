/** Tests of learning on environments. */
@NullMarked
package dev.troupe.learner.control;

import org.jspecify.annotations.NullMarked;
