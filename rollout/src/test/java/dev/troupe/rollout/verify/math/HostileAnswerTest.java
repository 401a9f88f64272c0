package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.MathEquivalence.Verdict;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are made to hang or to fill the memory end like any other wrong answer. */
class HostileAnswerTest {
  private final MathEquivalence equivalence = new MathEquivalence(Settings.standard());

  static Stream<String> hostile() {
    return Stream.of(
        "$9^{9^{9^{9^{9}}}}$",
        "The answer is 9**9**9**9**9",
        "$10^{10^{10}}+1$",
        "$(((9^{99})^{99})^{99})^{99}$",
        "$e^{e^{e^{e^{e^{10}}}}}$",
        "$1000000!$",
        "$((((((9!)!)!)!)!)!)!$",
        "$\\binom{10^{9}}{10^{8}}$",
        "$\\sum_{k=1}^{10^{12}} k$",
        "$\\sum_{a=1}^{2000}\\sum_{b=1}^{2000}\\sum_{c=1}^{2000} abc$",
        "$(a+b+c+d+e+f+g+h)^{64}$",
        "$(x+1)^{1000000000}$",
        "$\\frac{1}{" + "1+\\frac{1}{".repeat(60) + "x" + "}".repeat(61) + "$",
        "$" + "(".repeat(5_000) + "1" + ")".repeat(5_000) + "$",
        "$" + "\\{".repeat(300) + "1" + "\\}".repeat(300) + "$",
        "$" + "x(".repeat(90) + "1" + ")".repeat(90) + "$",
        "$" + "\\sin(".repeat(90) + "1" + ")".repeat(89) + "$",
        "$" + "\\frac{1}{".repeat(200) + "2" + "}".repeat(200) + "$",
        "$" + "|".repeat(400) + "$",
        "$" + "-".repeat(3_900) + "1$",
        "$" + "\\sqrt{1+".repeat(100) + "x" + "}".repeat(100) + "$",
        "$1" + "0".repeat(3_900) + "^{1" + "0".repeat(50) + "}$",
        "$" + "7".repeat(1_000_000) + "$",
        "7".repeat(1_000_000),
        "1,000".repeat(50_000),
        "1 ".repeat(100_000),
        "1+".repeat(100_000),
        " 1+1".repeat(50_000) + "x",
        "\\boxed{".repeat(20_000),
        "\\boxed{".repeat(20_000) + "}".repeat(20_000),
        "$".repeat(100_000),
        "$1$ and ".repeat(20_000),
        "\\[".repeat(50_000),
        "\\(1".repeat(50_000),
        "answer".repeat(20_000),
        "final answer ".repeat(10_000) + "is",
        "final answer" + " ".repeat(100_000) + "is",
        "answer \\[ ".repeat(10_000),
        "$" + "{ , ".repeat(900) + "$",
        "$" + " ".repeat(3_900) + "x",
        "\\boxed{" + " ".repeat(90_000) + "}",
        "$" + "x/".repeat(1_900) + "x$",
        "$x" + "!".repeat(3_900) + "$",
        "$2" + "^2".repeat(1_900) + "$",
        "$x" + "^{2}".repeat(900) + "$",
        "$" + "\\{1\\}\\cup".repeat(300) + "\\{1\\}$",
        "$" + "1.5/".repeat(900) + "1$",
        "1.5/".repeat(900) + "1",
        "2" + "**2".repeat(900),
        "$" + "x<".repeat(1_900) + "x$",
        "$" + "\\sin ".repeat(700) + "x$",
        "$\\tan(\\frac{\\pi}{2})$",
        "$\\ln 0$",
        "$\\begin{pmatrix}" + "1&".repeat(900) + "1\\end{pmatrix}^{16}$",
        "\u0000\uD800$\uFFFF$");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("hostile")
  void countAsWrong(String answer) {
    assertThat(equivalence.judge("42", answer)).isEqualTo(Verdict.DIFFERENT);
    assertThat(equivalence.judge("\\sqrt{x^2+1}", answer)).isEqualTo(Verdict.DIFFERENT);
    assertThat(equivalence.judge("\\{1,2\\}", answer)).isEqualTo(Verdict.DIFFERENT);
    assertThat(equivalence.judge("x<\\sin x", answer)).isEqualTo(Verdict.DIFFERENT);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("hostile")
  void doNoHarmAsReferences(String reference) {
    assertThat(equivalence.judge(reference, "\\boxed{42.5}")).isNotEqualTo(Verdict.EQUAL);
  }
}
