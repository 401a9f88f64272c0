package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;

/**
 * Judges answers to prompts: what most verifiers do. Called from several threads at once; it may
 * throw or hang, as a {@link Verifier} may.
 */
@FunctionalInterface
public interface Rule extends AutoCloseable {
  /** The verdict on an answer. */
  Outcome judge(Attempt attempt);

  /**
   * What else decides on its verdicts, beside its name, version and settings: hashes of what it was
   * made of, for example.
   */
  default String identity() {
    return "";
  }

  /** Reads what the first verdict would have to wait for, and run into its time limit. */
  default void prepare() {}

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
