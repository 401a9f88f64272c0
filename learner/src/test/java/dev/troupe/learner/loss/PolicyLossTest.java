package dev.troupe.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.learner.Specifications;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.Importance;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loss text against the reference numbers, in float64, with gradients. */
class PolicyLossTest {
  private static final double TOLERANCE = 1e-7;
  private static final int WHOLE_ROW = Integer.MAX_VALUE;

  @TempDir private Path directory;

  @Test
  void clippedSurrogateMatchesUnderEveryAggregation() {
    check("ppo_clip.token-mean", _ -> {});
    check(
        "ppo_clip.seq-mean-token-mean", s -> s.aggregation = Aggregation.SEQUENCE_MEAN_TOKEN_MEAN);
    check("ppo_clip.seq-mean-token-sum", s -> s.aggregation = Aggregation.SEQUENCE_MEAN_TOKEN_SUM);
    check(
        "ppo_clip.seq-mean-token-sum-norm",
        s -> {
          s.aggregation = Aggregation.CONSTANT_LENGTH;
          s.constantLength = WHOLE_ROW;
        });
  }

  @Test
  void clipHigherAndDualClipMatch() {
    check("clip_higher", s -> s.clipHigh = 0.28);
    check(
        "clip_higher_dual_c3",
        s -> {
          s.clipHigh = 0.28;
          s.dualClip = 3;
        });
    check("dual_clip_c1.5", s -> s.dualClip = 1.5);
    check("openrlhf_dual_clip1.5", s -> s.dualClip = 1.5);
    check("openrlhf_ppo_token", _ -> {});
  }

  @Test
  void penaltyOnDivergenceFromTheReferenceMatches() {
    check(
        "trl_grpo_kl_beta.04",
        s -> {
          s.kl = Kl.K3;
          s.klCoefficient = 0.04;
          s.aggregation = Aggregation.SEQUENCE_MEAN_TOKEN_MEAN;
        });
  }

  @Test
  void truncatedImportanceSamplingMatches() {
    int cases = 0;
    for (JsonElement element : Oracle.read("offpolicy.json").getAsJsonArray("cases")) {
      JsonObject each = element.getAsJsonObject();
      checkImportance(each, "tis_token_2", Importance.TOKEN, 2);
      checkImportance(each, "tis_token_1.2", Importance.TOKEN, 1.2);
      checkImportance(each, "tis_sequence_2", Importance.SEQUENCE, 2);
      checkImportance(each, "tis_sequence_5", Importance.SEQUENCE, 5);
      cases++;
    }
    assertThat(cases).isEqualTo(3);
  }

  @Test
  void divergenceEstimatorsMatchInValueAndGradient() {
    for (JsonElement element : Oracle.read("kl.json").getAsJsonArray("cases")) {
      JsonObject each = element.getAsJsonObject();
      checkDivergence(each, "k1", Kl.K1);
      checkDivergence(each, "k2", Kl.K2);
      checkDivergence(each, "k3", Kl.K3);
    }
  }

  @Test
  void microBatchesAddUpToTheWholeBatch() {
    for (Aggregation aggregation : Aggregation.values()) {
      Specifications specifications = new Specifications();
      specifications.aggregation = aggregation;
      specifications.importance = Importance.SEQUENCE;
      try (TorchProgram program = LossCase.compile(specifications.learner())) {
        JsonObject first =
            Oracle.read("offpolicy.json").getAsJsonArray("cases").get(0).getAsJsonObject();
        LossCase whole = LossCase.of(first.getAsJsonObject("inputs"));
        double[] weights = whole.weights(aggregation, 16);
        LossCase.Value expected = whole.run(program, weights);
        double loss = 0;
        for (int row = 0; row < whole.rows(); row++) {
          int from = row * whole.columns();
          double[] share = java.util.Arrays.copyOfRange(weights, from, from + whole.columns());
          LossCase.Value part = whole.rows(row, row + 1).run(program, share);
          loss += part.loss();
          for (int t = 0; t < whole.columns(); t++) {
            assertThat(part.gradient()[t]).isEqualTo(expected.gradient()[from + t]);
          }
        }
        assertThat(loss).isCloseTo(expected.loss(), within(1e-14));
      }
    }
  }

  @Test
  void entropyBonusLowersTheLossOfUncertainPlaces() {
    Specifications specifications = new Specifications();
    specifications.entropyCoefficient = 0.25;
    try (TorchProgram program = LossCase.compile(specifications.learner())) {
      LossCase inputs = policyCase(0);
      double[] weights = inputs.weights(Aggregation.TOKEN_MEAN, 0);
      double[] gradient = inputs.run(program, weights).entropyGradient();
      for (int i = 0; i < weights.length; i++) {
        assertThat(gradient[i]).isCloseTo(-0.25 * weights[i], within(1e-15));
      }
    }
  }

  @Test
  void lossOfOnesOwnIsCompiledFromItsFile() throws IOException {
    Path file = directory.resolve("plain.py");
    Files.writeString(
        file,
        """
        def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
            entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
          return (-torch.sum(weights * advantages * logp), torch.zeros_like(mask))

        def importance_weights(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
          return c

        def kl_penalty(a: Tensor, b: Tensor) -> Tensor:
          return a
        """);
    check("reinforce_token_mean", s -> s.loss = file.toString());
  }

  @Test
  void missingLossFileIsNamed() {
    Specifications specifications = new Specifications();
    specifications.loss = "no_such_loss.py";
    assertThatThrownBy(() -> LossCase.compile(specifications.learner()))
        .hasMessageContaining("must be [ppo-clip] or a readable program file")
        .hasMessageContaining("no_such_loss.py");
  }

  private static LossCase policyCase(int index) {
    return LossCase.of(
        Oracle.read("policy_losses.json")
            .getAsJsonArray("cases")
            .get(index)
            .getAsJsonObject()
            .getAsJsonObject("inputs"));
  }

  /** Compares with one result of every case that has it; constantLength WHOLE_ROW stands for T. */
  private static void check(String result, Consumer<Specifications> change) {
    Specifications specifications = new Specifications();
    change.accept(specifications);
    int found = 0;
    try (TorchProgram program = LossCase.compile(specifications.learner())) {
      for (JsonElement element : Oracle.read("policy_losses.json").getAsJsonArray("cases")) {
        JsonObject each = element.getAsJsonObject();
        if (each.getAsJsonObject("results").has(result)) {
          LossCase inputs = LossCase.of(each.getAsJsonObject("inputs"));
          int length =
              specifications.constantLength == WHOLE_ROW
                  ? inputs.columns()
                  : specifications.constantLength;
          compare(
              result,
              inputs.run(program, inputs.weights(specifications.aggregation, length)),
              each.getAsJsonObject("results").getAsJsonObject(result));
          found++;
        }
      }
    }
    assertThat(found).as(result).isPositive();
  }

  private static void checkImportance(JsonObject each, String name, Importance kind, double cap) {
    Specifications specifications = new Specifications();
    specifications.importance = kind;
    specifications.importanceCap = cap;
    try (TorchProgram program = LossCase.compile(specifications.learner())) {
      LossCase inputs = LossCase.of(each.getAsJsonObject("inputs"));
      compare(
          name,
          inputs.run(program, inputs.weights(Aggregation.TOKEN_MEAN, 0)),
          each.getAsJsonObject("losses").getAsJsonObject("ppo_clip_x_" + name));
      double[] expected =
          Oracle.flat(each.getAsJsonObject("weights").getAsJsonObject(name).get("w"));
      try (Tensor old = Tensor.of(inputs.old(), inputs.rows(), inputs.columns());
          Tensor behaviour = Tensor.of(inputs.behaviour(), inputs.rows(), inputs.columns());
          Tensor mask = Tensor.of(inputs.mask(), inputs.rows(), inputs.columns());
          Result result = program.run("importance", old, behaviour, mask);
          Tensor weights = result.tensor()) {
        double[] values = weights.toDoubles();
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i] * inputs.mask()[i]).isCloseTo(expected[i], within(TOLERANCE));
        }
      }
    }
  }

  private static void checkDivergence(JsonObject each, String name, Kl kl) {
    Specifications specifications = new Specifications();
    specifications.kl = kl;
    specifications.klCoefficient = 1;
    double[] logp = Oracle.flat(each.get("logp"));
    JsonObject expected = each.getAsJsonObject("estimators").getAsJsonObject(name);
    try (TorchProgram program = LossCase.compile(specifications.learner());
        Tensor current = Tensor.of(logp);
        Tensor reference = Tensor.of(Oracle.flat(each.get("ref_logp")));
        Result result = program.run("penalty", current, reference);
        Tensor penalty = result.tensor(0);
        Tensor gradient = result.tensor(1)) {
      assertClose(name, penalty.toDoubles(), Oracle.flat(expected.get("per_token")), 1e-10);
      assertClose(name, gradient.toDoubles(), Oracle.flat(expected.get("grad_of_sum")), 1e-10);
    }
  }

  private static void compare(String name, LossCase.Value found, JsonObject expected) {
    assertThat(found.loss())
        .as(name)
        .isCloseTo(expected.get("loss").getAsDouble(), within(TOLERANCE));
    assertClose(name, found.gradient(), Oracle.flat(expected.get("grad")), TOLERANCE);
  }

  private static void assertClose(
      String name, double[] found, double[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as("%s [%d]", name, i)
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
