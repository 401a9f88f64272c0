package dev.troupe.rollout.verify.length;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.HashSet;
import java.util.Set;

/**
 * A penalty for n-grams of tokens that an answer repeats (Yeo et al., 2025, arXiv:2502.03373; TRL's
 * {@code get_repetition_penalty_reward}), to be added to another reward.
 *
 * <pre>
 * R = penalty · (1 − different n-grams / n-grams), 0 for answers shorter than n
 * </pre>
 */
public final class RepetitionPenalty implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "repetition",
          "1",
          "0, falling to the penalty with the share of repeated n-grams of tokens",
          "nothing",
          Settings.class,
          RepetitionPenalty::new);

  private final Settings settings;

  private RepetitionPenalty(Settings settings) {
    this.settings = settings;
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "Tokens of an n-gram.", standard = "3") int n,
      @Setting(means = "Score of an answer that repeats everything; at most 0.", standard = "-1")
          double penalty) {
    public Settings {
      Check.atLeast("n", 1, n);
      Check.within("penalty", -1e6, 0, penalty);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return new Outcome.Scored(penalty(settings, attempt.tokens()));
  }

  static double penalty(Settings settings, IntArray tokens) {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.at(i);
    }
    int count = ids.length - settings.n() + 1;
    if (count < 1) {
      return 0;
    }
    Set<IntArray> different = new HashSet<>();
    for (int i = 0; i < count; i++) {
      different.add(IntArray.copyOf(ids, i, i + settings.n()));
    }
    return different.size() == count
        ? 0
        : settings.penalty() * (1 - (double) different.size() / count);
  }
}
