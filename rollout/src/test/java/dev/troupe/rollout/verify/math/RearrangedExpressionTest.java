package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.MathEquivalence.Verdict;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random expressions, written in two ways: as they are, and rearranged by laws of algebra. The seed
 * is the test's parameter.
 */
class RearrangedExpressionTest {
  private static final int EXPRESSIONS = 60;
  private static final int DEPTH = 2;

  private final MathEquivalence equivalence = new MathEquivalence(Settings.standard());

  /** One expression, two ways to write it. */
  private record Written(String plain, String rearranged) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void equalTheirRearrangementsBothWaysRound(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Written written = sum(random);
      assertVerdict(written.plain(), written.rearranged(), Verdict.EQUAL);
      assertVerdict(written.rearranged(), written.plain(), Verdict.EQUAL);
      assertVerdict(written.plain(), written.plain(), Verdict.EQUAL);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void differFromWhatIsALittleMore(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Written written = sum(random);
      String more = written.rearranged() + "+\\frac{1}{" + random.nextInt(2, 1_000) + "}";
      assertVerdict(written.plain(), more, Verdict.DIFFERENT);
      assertVerdict(more, written.plain(), Verdict.DIFFERENT);
    }
  }

  private void assertVerdict(String reference, String answer, Verdict expected) {
    assertThat(equivalence.judge(reference, "\\boxed{" + answer + "}"))
        .as("[%s] against [%s]", reference, answer)
        .isEqualTo(expected);
  }

  /** A sum of a letter, so that it is no letter alone, and of something random. */
  private static Written sum(SplittableRandom random) {
    Written inner = expression(random, DEPTH);
    return new Written("q+" + inner.plain(), inner.rearranged() + "+q");
  }

  private static Written expression(SplittableRandom random, int depth) {
    if (depth == 0) {
      return leaf(random);
    }
    Written a = expression(random, depth - 1);
    Written b = expression(random, depth - 1);
    return switch (random.nextInt(9)) {
      case 0 -> both("(A+B)", "(B+A)", a, b);
      case 1 -> both("(A-B)", "(-B+A)", a, b);
      case 2 -> both("(A)\\cdot(B)", "(B)\\cdot(A)", a, b);
      case 3 -> both("(A+B)^2", "((A)^{2}+2\\cdot A\\cdot B+(B)^{2})", a, b);
      case 4 -> both("\\frac{A}{(B)^2+1}", "(A)\\cdot\\frac{1}{1+(B)\\cdot(B)}", a, b);
      case 5 -> both("\\sqrt{(A)^2+2}", "(2+(A)\\cdot(A))^{1/2}", a, b);
      case 6 -> both("\\sin(A+B)", "(\\sin(A)\\cos(B)+\\cos(A)\\sin(B))", a, b);
      case 7 -> both("\\cos(2\\cdot(A))", "(1-2(\\sin(A))^{2})", a, b);
      default -> both("(A-B)(A+B)", "((A)^{2}-(B)^{2})", a, b);
    };
  }

  private static Written both(String plain, String rearranged, Written a, Written b) {
    return new Written(
        filled(plain, a.plain(), b.plain()), filled(rearranged, a.rearranged(), b.rearranged()));
  }

  private static String filled(String form, String a, String b) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < form.length(); i++) {
      char c = form.charAt(i);
      switch (c) {
        case 'A' -> text.append('(').append(a).append(')');
        case 'B' -> text.append('(').append(b).append(')');
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  private static Written leaf(SplittableRandom random) {
    int number = random.nextInt(2, 9);
    return switch (random.nextInt(6)) {
      case 0 -> new Written("x", "x");
      case 1 -> new Written("y", "\\frac{2y}{2}");
      case 2 -> new Written("0.5", "\\frac12");
      case 3 -> new Written("\\sqrt{" + number * number * 2 + "}", number + "\\sqrt2");
      case 4 -> new Written("\\pi", "\\frac{2\\pi}{2}");
      default -> new Written(Integer.toString(number), "\\frac{" + 3 * number + "}{3}");
    };
  }
}
