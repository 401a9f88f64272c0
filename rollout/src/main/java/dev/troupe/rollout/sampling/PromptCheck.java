package dev.troupe.rollout.sampling;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.rollout.task.TaskSource;

/** Finds out before a run starts whether its tasks can be sampled at all. */
public final class PromptCheck {
  /** Of sources with more training problems than this, the first ones are looked at. */
  private static final long TASKS_MAX = 20_000;

  private PromptCheck() {}

  /**
   * Makes tokens of the prompts: all held-out ones, and those of an epoch of training.
   *
   * @param positions longest sequence that the model takes
   * @throws IllegalArgumentException naming the first task whose prompt has a character that the
   *     tokenizer lacks, or leaves no room for the longest answer
   */
  public static void check(
      TaskSource tasks, Tokenizer tokenizer, SamplingSpecification sampling, int positions) {
    Prompts prompts = new Prompts(tokenizer, sampling.newTokensMax(), positions);
    for (int index = 0; index < tasks.heldOutCount(); index++) {
      check(prompts, tasks.heldOut(index), "held-out task");
    }
    long count = Math.min(tasks.trainingCount(), TASKS_MAX);
    for (long number = 0; number < count; number++) {
      check(prompts, tasks.training(number), "training task");
    }
  }

  private static void check(Prompts prompts, Task task, String kind) {
    try {
      prompts.of(
          new SampleRequest(
              new TrajectoryId(0, 0), new LeaseId(1, 1), 1, task, /* greedy= */ true));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          kind
              + " ["
              + task.number()
              + "] of ["
              + task.source()
              + "] can't be sampled: "
              + e.getMessage(),
          e);
    }
  }
}
