/** Checkpoints on disk: written aside, checksummed, renamed. */
@NullMarked
package dev.troupe.learner.checkpoint;

import org.jspecify.annotations.NullMarked;
