package dev.troupe.rollout.verify.composition;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One score of several. With sᵢ a member's score and wᵢ its weight:
 *
 * <pre>
 * sum            Σ wᵢ · sᵢ
 * min            the smallest wᵢ · sᵢ
 * gate           the last wᵢ · sᵢ where all before it reach the threshold, else {@code otherwise}
 * first-failing  the first wᵢ · sᵢ below the threshold, the last one if none is
 * </pre>
 *
 * <p>Every member judges every answer, and its score (without the weight) is a part of the outcome
 * by its name, its own parts as {@code name.part}. A member that finds an answer invalid, times out
 * or crashes makes the whole the same.
 */
public final class Composition implements Rule {
  public static final VerifierKind<Sum> SUM =
      new VerifierKind<>(
          "sum",
          "1",
          "the weighted sum of other verifiers' scores",
          "what its members expect",
          Sum.class,
          settings ->
              new Composition(
                  settings.members(),
                  scores -> scores.stream().mapToDouble(Double::doubleValue).sum()));

  public static final VerifierKind<Min> MIN =
      new VerifierKind<>(
          "min",
          "1",
          "the smallest of other verifiers' weighted scores",
          "what its members expect",
          Min.class,
          settings -> new Composition(settings.members(), Collections::min));

  public static final VerifierKind<Gate> GATE =
      new VerifierKind<>(
          "gate",
          "1",
          "the last verifier's score where all before it reach a threshold",
          "what its members expect",
          Gate.class,
          settings ->
              new Composition(
                  settings.members(),
                  scores ->
                      scores.subList(0, scores.size() - 1).stream()
                              .allMatch(score -> score >= settings.threshold())
                          ? scores.getLast()
                          : settings.otherwise()));

  public static final VerifierKind<FirstFailing> FIRST_FAILING =
      new VerifierKind<>(
          "first-failing",
          "1",
          "the score of the first verifier below a threshold, else the last one's",
          "what its members expect",
          FirstFailing.class,
          settings ->
              new Composition(
                  settings.members(),
                  scores ->
                      scores.stream()
                          .filter(score -> score < settings.threshold())
                          .findFirst()
                          .orElse(scores.getLast())));

  private final Members members;
  private final ToDoubleFunction<List<Double>> whole;

  private Composition(List<Member> members, ToDoubleFunction<List<Double>> whole) {
    this.members = new Members(members);
    this.whole = whole;
  }

  /** What can be set of a sum. */
  public record Sum(
      @Setting(means = "The verifiers, like [{ verifier = gsm8k, weight = 1 }].")
          List<Member> members) {}

  /** What can be set of a minimum. */
  public record Min(
      @Setting(means = "The verifiers, like [{ verifier = gsm8k }, { verifier = think-tags }].")
          List<Member> members) {}

  /** What can be set of a gate. */
  public record Gate(
      @Setting(means = "The verifiers: gates first, what counts last.") List<Member> members,
      @Setting(means = "Weighted score that opens a gate.", standard = "1") double threshold,
      @Setting(means = "Score where one stays closed.", standard = "0") double otherwise) {
    public Gate {
      Check.that(members.size() >= 2, "members", "at least two", members);
    }
  }

  /** What can be set where the first failure counts. */
  public record FirstFailing(
      @Setting(means = "The verifiers, in order.") List<Member> members,
      @Setting(means = "Weighted score below which one fails.", standard = "1") double threshold) {}

  @Override
  public Outcome judge(Attempt attempt) {
    return members.judge(attempt, whole);
  }

  @Override
  public String identity() {
    return members.identity();
  }

  @Override
  public void prepare() {
    members.prepare();
  }

  @Override
  public void check() {
    members.check();
  }

  @Override
  public void close() {
    members.close();
  }
}
