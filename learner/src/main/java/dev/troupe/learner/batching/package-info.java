/** Sequences as padded micro-batches. */
@NullMarked
package dev.troupe.learner.batching;

import org.jspecify.annotations.NullMarked;
