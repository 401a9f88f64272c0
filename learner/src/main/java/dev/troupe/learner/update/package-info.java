/** One optimizer step: gradients of micro-batches, summed in order, and AdamW. */
@NullMarked
package dev.troupe.learner.update;

import org.jspecify.annotations.NullMarked;
