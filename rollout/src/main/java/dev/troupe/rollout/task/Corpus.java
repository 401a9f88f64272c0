package dev.troupe.rollout.task;

/** Supervised examples by number: a pure function, like {@link TaskSource}. */
public interface Corpus {
  /**
   * Example {@code number}, from 0 on without end. What is made from tasks never shows a held-out
   * problem; a file of examples is taken as it is.
   */
  Example example(long number);

  /**
   * A prompt and what the model should write after it.
   *
   * @param completion without the end token, which whoever makes tokens of it adds
   */
  record Example(String prompt, String completion) {}
}
