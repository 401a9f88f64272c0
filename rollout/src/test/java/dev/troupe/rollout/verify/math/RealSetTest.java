package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.MathEquivalence.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealSetTest {
  private final MathEquivalence equivalence = new MathEquivalence(Settings.standard());

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[0,2]; [0,1]\\cup[1,2]",
        "[0,2]; [0,1)\\cup[1,2]",
        "[0,2]; [0,1)\\cup(1,2]\\cup\\{1\\}",
        "(3,5); (0,5)\\cap(3,8)",
        "(-\\infty,1)\\cup(1,\\infty); \\mathbb{R}\\setminus\\{1\\}",
        "\\mathbb{R}; (-\\infty,\\infty)",
        "x^2<4; (-2,2)",
        "x^2\\ge 4; (-\\infty,-2]\\cup[2,\\infty)",
        "x^2>2; (-\\infty,-\\sqrt2)\\cup(\\sqrt2,\\infty)",
        "\\frac{x-1}{x+2}\\le 0; (-2,1]",
        "x^2=4; -2,2",
        "x^3=x; \\{-1,0,1\\}",
        "|x|<2; (-2,2)",
        "x\\ne 1; (-\\infty,1)\\cup(1,\\infty)"
      })
  void areTheSameSet(String reference, String answer) {
    assertThat(equivalence.judge(reference, "$" + answer + "$")).isEqualTo(Verdict.EQUAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[0,2]; [0,1)\\cup(1,2]",
        "[0,2]; [0,2)",
        "x^2<4; (-2,2]",
        "x^2<4; (-2,1)",
        "x^2\\le 4; (-2,2)",
        "\\frac{x-1}{x+2}\\le 0; [-2,1]",
        "x^3=x; \\{-1,1\\}",
        "x^2=4; 2",
        "x^2(x-1)\\ge 0; [1,\\infty)",
        "\\mathbb{Z}; \\mathbb{R}"
      })
  void areDifferentSets(String reference, String answer) {
    assertThat(equivalence.judge(reference, "$" + answer + "$")).isEqualTo(Verdict.DIFFERENT);
  }
}
