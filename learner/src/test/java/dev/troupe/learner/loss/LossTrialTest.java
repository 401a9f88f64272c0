package dev.troupe.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.learner.Specifications;
import dev.troupe.model.torch.ProgramSource;
import org.junit.jupiter.api.Test;

/** What is found out about a loss of one's own before a run begins. */
class LossTrialTest {
  private static final String HEAD =
      """
      # mine
      def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
                      entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
          none = torch.gt(mask, 1.)
          loss = torch.sum(-advantages * logp * weights)
      """;

  private static void check(String text) {
    LossTrial.check(new Specifications().learner(), new ProgramSource("my_loss.py", text), "cpu");
  }

  /** The message about a loss whose body ends with {@code lines}. */
  private static String refusal(String lines) {
    return refusalOf(HEAD + lines.indent(4));
  }

  private static String refusalOf(String text) {
    LossRefusedException refused =
        catchThrowableOfType(LossRefusedException.class, () -> check(text));
    assertThat(refused).as("refusal of%n%s", text).isNotNull();
    String words = String.valueOf(refused.getMessage());
    assertThat(words)
        .startsWith("learner.loss: ")
        .doesNotContain("\n", "Traceback", "HERE", "TorchScript interpreter", "frame #", "bug");
    return words;
  }

  @Test
  void theShippedLossAndAPlainPolicyGradientAreFine() {
    assertThatCode(
            () ->
                LossTrial.check(
                    new Specifications().learner(),
                    ProgramSource.resource(PolicyLoss.class, "ppo_clip.py"),
                    "cpu"))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(HEAD + "    return (loss, none)\n")).doesNotThrowAnyException();
  }

  @Test
  void aLossOfEachTokenIsRefusedWithGotAndExpected() {
    assertThat(refusal("return (-advantages * logp * weights, none)"))
        .isEqualTo(
            "learner.loss: my_loss.py, line 2: policy_loss returned a loss of float32 [3, 5] for"
                + " arguments of [3, 5], expected a scalar, float32 []; multiply the tokens' loss"
                + " by weights and add up: torch.sum(loss * weights) (docs/losses.md)");
  }

  @Test
  void aLossOfOneElementIsNoScalar() {
    assertThat(refusal("return (loss.view([1]), none)")).contains("float32 [1]");
  }

  @Test
  void whatSaysWhichTokensWereClippedMustBeTruthValuesOfTheirShape() {
    assertThat(refusal("return (loss, mask)"))
        .contains("clipped tokens of float32 [3, 5]", "expected bool [3, 5]", "torch.gt(mask, 1.)");
    assertThat(refusal("return (loss, torch.any(none))")).contains("clipped tokens of bool []");
  }

  @Test
  void aLossMustHaveAGradient() {
    assertThat(refusal("return (loss.detach(), none)"))
        .contains("returned a loss without a gradient", "expected one that depends on logp");
    assertThat(refusal("return (torch.sum(advantages * weights), none)"))
        .contains("without a gradient");
    assertThat(refusal("return (loss.to(torch.int64), none)"))
        .contains("a loss of int64 []", "expected a scalar, float32 []");
  }

  @Test
  void aLossOrGradientThatIsNotFiniteOnHarmlessNumbersIsRefused() {
    assertThat(refusal("return (loss + torch.log(torch.sum(torch.min(mask))), none)"))
        .contains("a loss of -Infinity", "expected a finite one");
    assertThat(refusal("return (loss + torch.sum(torch.sqrt(logp - logp)), none)"))
        .contains("a gradient that is not finite");
  }

  @Test
  void whatFailsWhileItRunsIsNamedWithItsLine() {
    assertThat(refusal("return (loss + torch.sum(logp + torch.zeros([7, 7])), none)"))
        .startsWith("learner.loss: my_loss.py, line 6 [return (loss + torch.sum(logp + ")
        .contains("policy_loss failed on a trial with arguments of [3, 5]")
        .endsWith(
            "The size of tensor a (5) must match the size of tensor b (7) at"
                + " non-singleton dimension 1");
    assertThat(refusal("assert logp.size(0) == 8, \"eight rows\"\nreturn (loss, none)"))
        .contains("line 6", "eight rows");
  }

  @Test
  void aDimensionThatVanishesWithOneTokenIsFound() {
    assertThat(refusal("return (loss + torch.sum(torch.squeeze(logp), [1])[0] * 0., none)"))
        .contains("arguments of [1, 1]", "Dimension out of range");
  }

  @Test
  void argumentsMustStayAsTheyAre() {
    assertThat(refusal("w = weights.mul_(2.)\nreturn (torch.sum(logp * w), none)"))
        .contains("changed its arguments [weights] in place", "without the trailing _");
  }

  @Test
  void whatDoesNotFitTheCallIsNamedWithTheLineOfItsDefinition() {
    String narrow =
        """
        def policy_loss(logp: Tensor) -> Tuple[Tensor, Tensor]:
            return (logp, logp)
        """;
    assertThat(refusalOf(narrow))
        .startsWith("learner.loss: my_loss.py, line 1: policy_loss can't be called: ")
        .contains("Expected at most 1 arguments but found 8", "docs/losses.md");
    assertThat(refusalOf(HEAD.replace("Tuple[Tensor, Tensor]", "Tensor") + "    return loss\n"))
        .contains("line 2: policy_loss can't be called: Tensor cannot be used as a tuple");
  }

  @Test
  void whatDoesNotCompileIsNamedWithItsLine() {
    assertThat(refusal("return (tach(loss), none)"))
        .startsWith("learner.loss: my_loss.py, line 6: it doesn't compile: undefined value tach")
        .contains("in [return (tach(loss), none)]");
    assertThat(refusal("return (loss.item(), none)")).contains("line 6", "Tuple[number, Tensor]");
    assertThat(refusalOf("import torch\n" + HEAD + "    return (loss, none)\n"))
        .contains("line 1: it doesn't compile: expected `def` or `class`");
    assertThat(refusalOf("def my_loss(x: Tensor) -> Tensor:\n    return x\n"))
        .contains("[my_loss.py] defines no policy_loss");
  }
}
