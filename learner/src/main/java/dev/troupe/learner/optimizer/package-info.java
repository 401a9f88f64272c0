/** The optimizer: learning-rate schedule, clipping, AdamW. */
@NullMarked
package dev.troupe.learner.optimizer;

import org.jspecify.annotations.NullMarked;
