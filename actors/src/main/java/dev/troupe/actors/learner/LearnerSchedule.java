package dev.troupe.actors.learner;

import dev.troupe.actors.run.StopConditions;
import dev.troupe.protocol.run.RunSpecification;
import java.util.Map;
import java.util.Optional;

/** What a recipe wants of the learner at which update. */
record LearnerSchedule(RunSpecification specification) {
  long supervisedSteps() {
    return specification.sft().steps();
  }

  /** Whether the next step is a supervised one. */
  boolean isSupervised(LearnerEngine.Standing where) {
    return where.lastBatch() == 0 && where.sftSteps() < supervisedSteps();
  }

  /** Whether the weights that batch {@code number} made are evaluated. */
  boolean isEvaluationDue(long number) {
    int every = specification.evaluation().every();
    return every > 0 && number % every == 0;
  }

  /** After the update of a batch; the best weights can only be kept where they were saved. */
  boolean isCheckpointDue(long number) {
    return isEvaluationDue(number) || number % specification.checkpoints().every() == 0;
  }

  /** After a supervised step; the last one's weights are saved when they are announced. */
  boolean isSupervisedCheckpointDue(LearnerEngine.Standing where) {
    return where.sftSteps() < supervisedSteps()
        && where.update() % specification.checkpoints().every() == 0;
  }

  /** Whether batch {@code number} would be cut for nothing. */
  boolean isBeyondLast(long number) {
    long updates = specification.stop().updates();
    return updates > 0 && number > updates;
  }

  /**
   * Why no update is to follow.
   *
   * @param metrics of the last update
   */
  Optional<String> enough(LearnerEngine.Standing where, Map<String, Double> metrics) {
    return StopConditions.updates(specification.stop(), where.lastBatch())
        .or(() -> StopConditions.meanReturn(specification.stop(), metrics));
  }
}
