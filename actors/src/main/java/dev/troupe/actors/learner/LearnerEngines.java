package dev.troupe.actors.learner;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Makes the learner's engine. */
public interface LearnerEngines {
  /** Threads that may own an engine. */
  ThreadFactory threads();

  /** What the engine computes with; on the owning thread. */
  ProcessorKind processor();

  /** Loads and compiles what doesn't depend on where the run stands; on the owning thread. */
  void prepare();

  /**
   * Claims a number for a life, above {@code newest}, that no other learner of the run has, however
   * many begin at a time on however many nodes; on the owning thread.
   */
  int claim(int newest);

  /**
   * Opens the learner's life {@code incarnation}, from {@code checkpoint} or from the beginning; on
   * the owning thread.
   */
  LearnerEngine open(int incarnation, Optional<CheckpointRef> checkpoint);
}
