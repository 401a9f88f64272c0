package dev.troupe.rollout.task;

import dev.troupe.protocol.task.Task;

/**
 * Tasks by number. A source has no state: the same number is the same task in every process, so a
 * run resumes by remembering a number.
 *
 * <p>Training tasks go through all problems in an order of their own each epoch, so every problem
 * comes equally often. Held-out problems are never among them.
 */
public interface TaskSource {
  /** Name that tasks carry as their source. */
  String name();

  /** Different training problems: the length of an epoch. */
  long trainingCount();

  /** Training task {@code number}, from 0 on without end. */
  Task training(long number);

  /** Problems kept for evaluation. */
  int heldOutCount();

  /**
   * Held-out task {@code index}, from 0 to {@link #heldOutCount()} − 1; its number is the index.
   */
  Task heldOut(int index);
}
