package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * Judges answers to prompts: what most verifiers do. Called from several threads at once; it may
 * throw or hang, as a {@link Verifier} may.
 */
@FunctionalInterface
public interface Rule extends AutoCloseable {
  /** The verdict on an answer. */
  Outcome judge(Attempt attempt);

  /** How many answers are judged together at the most; 1 = each for itself. */
  default int together() {
    return 1;
  }

  /**
   * The verdicts on answers, in their order. Where {@link #together} is more than 1 the rule minds
   * the time limit itself, and always comes back.
   *
   * @param limit for one verdict
   */
  default List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    return attempts.stream().map(this::judge).toList();
  }

  /**
   * What else decides on its verdicts, beside its name, version and settings: hashes of what it was
   * made of, for example.
   */
  default String identity() {
    return "";
  }

  /** Reads what the first verdict would have to wait for, and run into its time limit. */
  default void prepare() {}

  /**
   * Tries what can be tried before a run begins.
   *
   * @throws dev.troupe.rollout.verify.settings.BadSettingsException if it can't judge anything
   */
  default void check() {}

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
