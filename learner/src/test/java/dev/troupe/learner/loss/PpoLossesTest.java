package dev.troupe.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.learner.Specifications;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** PPO's loss and the entropy, down to the logits, against torch.distributions and autograd. */
class PpoLossesTest {
  /**
   * A decoder without layers: its logits are the head's columns, so that a test can choose them.
   */
  private static final String HEAD =
      """
      class Program(Module):
          def gradients(
              self, tokens: Tensor, rows: Tensor, targets: Tensor, d_logp: Tensor, d_entropy: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, Tensor]:
              logp, entropy, tape = policy_forward_to(tokens, rows, targets, 1.0, w)
              return (logp, entropy, policy_backward(d_logp, d_entropy, tape, w)[2])
      """;

  @Test
  void theClippedSurrogateAndItsGradientMatch() {
    for (JsonObject each : cases("categorical")) {
      compare(
          each, "advantages", "surrogate_loss", "surrogate_grad_logits", PpoLossesTest::plainly);
      compare(
          each,
          "normalised_adv",
          "surrogate_loss_normalised_adv",
          "surrogate_normalised_grad_logits",
          PpoLossesTest::plainly);
    }
  }

  @Test
  void theDualClipAndItsGradientMatch() {
    for (JsonObject each : cases("categorical")) {
      compare(
          each,
          "advantages",
          "dual_clip_loss",
          "dual_clip_grad_logits",
          specifications -> specifications.dualClip = each.get("dual_clip").getAsDouble());
    }
  }

  @Test
  void theSurrogateOfContinuousActionsMatches() {
    for (JsonObject each : cases("gaussian")) {
      assertThat(run(each, "advantages", PpoLossesTest::plainly).loss())
          .isCloseTo(each.get("surrogate_loss").getAsDouble(), within(1e-10));
    }
  }

  @Test
  void theDivergenceEstimatesMatch() {
    List<JsonObject> all = new ArrayList<>(cases("categorical"));
    all.addAll(cases("gaussian"));
    for (JsonObject each : all) {
      assertThat(divergence(each, Kl.K1)).isCloseTo(number(each, "approx_kl_k1"), within(1e-10));
      assertThat(divergence(each, Kl.K2)).isCloseTo(number(each, "approx_kl_k2"), within(1e-10));
      assertThat(divergence(each, Kl.K3)).isCloseTo(number(each, "approx_kl_k3"), within(1e-10));
    }
  }

  @Test
  void theEntropyAndItsGradientMatch() {
    for (JsonObject each : cases("categorical")) {
      int rows = each.getAsJsonArray("actions").size();
      double[] none = new double[rows];
      double[] mean = new double[rows];
      Arrays.fill(mean, 1.0 / rows);
      Through through = Through.network(each, none, mean);

      close(through.logp(), Oracle.flat(each.get("log_prob")), 2e-6);
      close(through.entropy(), Oracle.flat(each.get("entropy_per_row")), 2e-6);
      close(through.gradient(), Oracle.flat(each.get("entropy_grad_logits")), 1e-6);
    }
  }

  /** The loss's gradient, the network's backward pass and the entropy bonus in one. */
  @Test
  void theLossThroughTheNetworkMatches() {
    double bonus = 0.01;
    for (JsonObject each : cases("categorical")) {
      LossCase.Value value =
          run(each, "advantages", specifications -> specifications.entropyCoefficient = bonus);
      Through through = Through.network(each, value.gradient(), value.entropyGradient());
      double[] surrogate = Oracle.flat(each.get("surrogate_grad_logits"));
      double[] entropy = Oracle.flat(each.get("entropy_grad_logits"));
      double[] expected = new double[surrogate.length];
      Arrays.setAll(expected, i -> surrogate[i] - bonus * entropy[i]);

      close(through.gradient(), expected, 1e-6);
    }
  }

  private static void plainly(Specifications specifications) {
    specifications.dualClip = 0;
  }

  private static void compare(
      JsonObject each,
      String advantages,
      String loss,
      String gradient,
      Consumer<Specifications> change) {
    LossCase.Value value = run(each, advantages, change);
    assertThat(value.loss()).as(loss).isCloseTo(number(each, loss), within(1e-10));
    close(toLogits(each, value.gradient()), Oracle.flat(each.get(gradient)), 1e-10);
  }

  private static LossCase.Value run(
      JsonObject each, String advantages, Consumer<Specifications> change) {
    Specifications specifications = new Specifications();
    specifications.clipLow = number(each, "eps");
    specifications.clipHigh = number(each, "eps");
    change.accept(specifications);
    double[] old = Oracle.vector(each.get("old_log_prob"));
    double[] ones = new double[old.length];
    Arrays.fill(ones, 1);
    LossCase inputs =
        new LossCase(
            old.length,
            1,
            Oracle.vector(each.get("log_prob")),
            old,
            old,
            old,
            Oracle.vector(each.get(advantages)),
            ones);
    try (TorchProgram program = LossCase.compile(specifications.learner())) {
      return inputs.run(program, inputs.weights(Aggregation.TOKEN_MEAN, 0));
    }
  }

  /** By the chain rule: the log-probability of action a has the gradient 1_a − p. */
  private static double[] toLogits(JsonObject each, double[] gradient) {
    double[][] logits = Oracle.matrix(each.get("logits"));
    double[] actions = Oracle.vector(each.get("actions"));
    int width = logits[0].length;
    double[] all = new double[logits.length * width];
    for (int row = 0; row < logits.length; row++) {
      double sum = Arrays.stream(logits[row]).map(Math::exp).sum();
      for (int a = 0; a < width; a++) {
        double chosen = a == (int) actions[row] ? 1 : 0;
        all[row * width + a] = gradient[row] * (chosen - Math.exp(logits[row][a]) / sum);
      }
    }
    return all;
  }

  /** Mean of the estimates of KL(π_old‖π) from actions of π_old. */
  private static double divergence(JsonObject each, Kl kl) {
    Specifications specifications = new Specifications();
    specifications.kl = kl;
    specifications.klCoefficient = 1;
    try (TorchProgram program = LossCase.compile(specifications.learner());
        Tensor old = Tensor.of(Oracle.vector(each.get("old_log_prob")));
        Tensor current = Tensor.of(Oracle.vector(each.get("log_prob")));
        Result result = program.run("penalty", old, current);
        Tensor penalty = result.tensor(0);
        Tensor gradient = result.tensor(1)) {
      assertThat(gradient.shape()).isEqualTo(penalty.shape());
      return Arrays.stream(penalty.toDoubles()).average().orElseThrow();
    }
  }

  /** What the network's own forward and backward pass make of a case's logits; [B], [B], [B][A]. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one comparison
  private record Through(double[] logp, double[] entropy, double[] gradient) {

    static Through network(JsonObject each, double[] byLogp, double[] byEntropy) {
      double[][] logits = Oracle.matrix(each.get("logits"));
      int rows = logits.length;
      int actions = logits[0].length;
      double root = Math.sqrt(rows);
      // Token i becomes √H at place i, and the norm leaves it so.
      float[] embedding = new float[rows * rows];
      float[] head = new float[actions * rows];
      float[] gain = new float[rows];
      Arrays.fill(gain, 1);
      long[] places = new long[rows];
      for (int i = 0; i < rows; i++) {
        places[i] = i;
        embedding[i * rows + i] = (float) root;
        for (int a = 0; a < actions; a++) {
          head[a * rows + i] = (float) (logits[i][a] / root);
        }
      }
      long[] chosen =
          Arrays.stream(Oracle.vector(each.get("actions"))).mapToLong(a -> (long) a).toArray();
      try (TorchProgram program = compile();
          Tensor tokens = Tensor.of(places, 1, rows);
          Tensor wanted = Tensor.of(places);
          Tensor targets = Tensor.of(chosen);
          Tensor dLogp = Tensor.of(floats(byLogp));
          Tensor dEntropy = Tensor.of(floats(byEntropy));
          Tensor first = Tensor.of(embedding, rows, rows);
          Tensor norm = Tensor.of(gain);
          Tensor last = Tensor.of(head, actions, rows);
          Result result =
              program.run(
                  "gradients",
                  tokens,
                  wanted,
                  targets,
                  dLogp,
                  dEntropy,
                  List.of(first, norm, last));
          Tensor logp = result.tensor(0);
          Tensor entropy = result.tensor(1);
          Tensor gradient = result.tensor(2)) {
        double[] byHead = gradient.toDoubles();
        double[] byLogits = new double[byHead.length];
        for (int i = 0; i < rows; i++) {
          for (int a = 0; a < actions; a++) {
            byLogits[i * actions + a] = byHead[a * rows + i] / root;
          }
        }
        return new Through(logp.toDoubles(), entropy.toDoubles(), byLogits);
      }
    }

    private static TorchProgram compile() {
      DecoderNetwork network =
          new DecoderNetwork(new DecoderShape(16, 4, 1, 1, 1, 4, 4, 16, 1e4, 1e-12, false, 0.02));
      List<ProgramSource> sources = new ArrayList<>(network.sources());
      sources.add(new ProgramSource("head.py", HEAD));
      Map<String, Object> constants = new HashMap<>(network.constants(Map.of()));
      constants.put("LAYERS", 0);
      return TorchProgram.compile("head", sources, constants);
    }

    private static float[] floats(double[] values) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        narrow[i] = (float) values[i];
      }
      return narrow;
    }
  }

  private static List<JsonObject> cases(String kind) {
    List<JsonObject> cases =
        Oracle.read("ppo_losses.json").getAsJsonArray(kind).asList().stream()
            .map(JsonElement::getAsJsonObject)
            .toList();
    assertThat(cases).hasSize(3);
    return cases;
  }

  private static double number(JsonObject each, String key) {
    return each.get(key).getAsDouble();
  }

  private static void close(double[] found, double[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as("[%d]", i)
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
