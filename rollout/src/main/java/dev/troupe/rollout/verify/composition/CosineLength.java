package dev.troupe.rollout.verify.composition;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.Verifiers;
import java.util.List;

/**
 * The cosine reward of length (Yeo et al., 2025, arXiv:2502.03373, as TRL computes it): a right
 * answer earns less the longer it is, a wrong one loses less.
 *
 * <pre>
 * R = low + ½ (high − low) (1 + cos(π · min(|y|, max) / max))
 *
 *          low            high
 * right    min-right      max-right
 * wrong    max-wrong      min-wrong
 * </pre>
 *
 * <p>|y| counts the policy's tokens. Another verifier says what is right: a score of at least 1.
 */
public final class CosineLength implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "cosine-length",
          "1",
          "another verifier's verdict, worth more when short and right or long and wrong",
          "what the other verifier expects",
          Settings.class,
          CosineLength::new);

  private final Settings settings;
  private final Verifiers.Named judge;

  private CosineLength(Settings settings) {
    this.settings = settings;
    this.judge = settings.judge().make("judge");
  }

  /** What can be set. */
  public record Settings(
      @Setting(
              means = "The verifier that says what is right.",
              standard = "{\"verifier\":\"exact\"}")
          Member judge,
      @Setting(means = "Length in tokens at which the reward has turned.", standard = "1000")
          int max,
      @Setting(means = "Reward of a wrong answer of no tokens.", standard = "-1") double minWrong,
      @Setting(means = "Reward of the longest wrong answer.", standard = "-0.5") double maxWrong,
      @Setting(means = "Reward of the longest right answer.", standard = "0.5") double minRight,
      @Setting(means = "Reward of a right answer of no tokens.", standard = "1") double maxRight) {
    public Settings {
      Check.atLeast("max", 1, max);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return switch (judge.rule().judge(attempt)) {
      case Outcome.Scored scored ->
          new Outcome.Scored(
              reward(settings, scored.value() >= 1, attempt.tokens().size()),
              List.of(new Outcome.Part(settings.judge().part(), scored.value())),
              scored.detail());
      case Outcome.Invalid invalid -> invalid;
      case Outcome.TimedOut timedOut -> timedOut;
      case Outcome.Crashed crashed -> crashed;
    };
  }

  static double reward(Settings settings, boolean isRight, int length) {
    double low = isRight ? settings.minRight() : settings.maxWrong();
    double high = isRight ? settings.maxRight() : settings.minWrong();
    double progress = (double) Math.min(length, settings.max()) / settings.max();
    return low + 0.5 * (high - low) * (1 + Math.cos(Math.PI * progress));
  }

  @Override
  public String identity() {
    return judge.ref().hash();
  }

  @Override
  public void prepare() {
    judge.rule().prepare();
  }

  @Override
  public void close() {
    judge.rule().close();
  }
}
