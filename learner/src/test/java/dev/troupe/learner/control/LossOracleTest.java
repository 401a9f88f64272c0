package dev.troupe.learner.control;

import static dev.troupe.learner.control.AdvantageOracleTest.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ActionDistribution.Normal;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Losses with their gradients, in float64. */
final class LossOracleTest {
  private static final String SURROGATE =
      """
      class Program(Module):
          def probe(self, d: Tensor, e: Tensor, actions: Tensor, advantages: Tensor) -> List[Tensor]:
              torch.set_grad_enabled(True)
              leaf = d.detach().requires_grad_(True)
              logp, entropy = action_log_probabilities(leaf, actions)
              old, old_entropy = action_log_probabilities(e, actions)
              rows, clipped = clipped_surrogate(logp - old, advantages)
              surrogate = torch.mean(rows)
              gradient = unchecked_cast(Tensor, torch.grad([surrogate], [leaf], None, True)[0])
              spread = unchecked_cast(Tensor, torch.grad([torch.mean(entropy)], [leaf], None, True)[0])
              kl = torch.mean(distribution_kl(e, leaf))
              kl_gradient = unchecked_cast(Tensor, torch.grad([kl], [leaf])[0])
              reverse = torch.mean(distribution_kl(d, e))
              torch.set_grad_enabled(False)
              share = torch.mean(clipped.to(d.dtype))
              return [logp, old, surrogate, gradient, torch.mean(entropy), spread, kl, kl_gradient, reverse, share]
      """;

  private static final String ADJUSTMENT =
      """
      class Program(Module):
          def probe(self, d: Tensor, e: Tensor, actions: Tensor, clip: float, weight: float) -> List[Tensor]:
              logp, entropy = action_log_probabilities(e, actions)
              torch.set_grad_enabled(True)
              leaf = d.detach().requires_grad_(True)
              loss, kl, statistic = adjustment_loss(leaf, e, logp, actions, clip, weight)
              gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
              torch.set_grad_enabled(False)
              return [loss, kl, statistic, gradient]
      """;

  private static final String VALUE =
      """
      class Program(Module):
          def probe(self, values: Tensor, old: Tensor, targets: Tensor) -> List[Tensor]:
              torch.set_grad_enabled(True)
              leaf = values.detach().requires_grad_(True)
              loss = torch.mean(value_loss(leaf, old, targets))
              gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
              torch.set_grad_enabled(False)
              return [loss, gradient]
      """;

  @Test
  void choicesHaveTheReferencesLossesAndGradients() {
    for (JsonElement element :
        Oracle.read("control/ppo_losses.json").getAsJsonArray("categorical")) {
      JsonObject oracle = element.getAsJsonObject();
      int choices = Oracle.matrix(oracle.get("logits"))[0].length;
      try (TextProbe probe = surrogate(new Categorical(choices), oracle)) {
        List<double[]> got =
            probe.run(
                TextProbe.tensor(oracle.get("logits")),
                TextProbe.tensor(oracle.get("old_logits")),
                choices(oracle.get("actions")),
                TextProbe.tensor(oracle.get("advantages")));
        assertClose(got.get(0), oracle.get("log_prob"), 1e-10);
        assertClose(got.get(1), oracle.get("old_log_prob"), 1e-10);
        assertNumber(got.get(2), oracle, "surrogate_loss");
        assertClose(got.get(3), oracle.get("surrogate_grad_logits"), 1e-10);
        assertNumber(got.get(4), oracle, "entropy_mean");
        assertClose(got.get(5), oracle.get("entropy_grad_logits"), 1e-10);
        assertNumber(got.get(6), oracle, "kl_old_new_exact");
        assertClose(got.get(7), oracle.get("kl_old_new_grad_logits"), 1e-10);
        assertNumber(got.get(8), oracle, "kl_new_old_exact");
        assertNumber(got.get(9), oracle, "clip_fraction");
      }
    }
  }

  @Test
  void normalsHaveTheReferencesLossesAndGradients() {
    for (JsonElement element : Oracle.read("control/ppo_losses.json").getAsJsonArray("gaussian")) {
      JsonObject oracle = element.getAsJsonObject();
      int size = oracle.getAsJsonArray("log_std").size();
      try (TextProbe probe = surrogate(new Normal(size), oracle)) {
        List<double[]> got =
            probe.run(
                normals(oracle.get("mean"), oracle.get("log_std")),
                normals(oracle.get("old_mean"), oracle.get("old_log_std")),
                TextProbe.tensor(oracle.get("actions")),
                TextProbe.tensor(oracle.get("advantages")));
        assertClose(got.get(0), oracle.get("log_prob"), 1e-10);
        assertNumber(got.get(2), oracle, "surrogate_loss");
        assertClose(means(got.get(3), size), oracle.get("surrogate_grad_mean"), 1e-10);
        assertClose(spreads(got.get(3), size), oracle.get("surrogate_grad_log_std"), 1e-10);
        assertNumber(got.get(4), oracle, "entropy_mean");
        assertNumber(got.get(6), oracle, "kl_old_new");
        assertClose(spreads(got.get(7), size), oracle.get("kl_old_new_grad_log_std"), 1e-10);
        assertNumber(got.get(8), oracle, "kl_new_old");
      }
    }
  }

  @Test
  void valuesAreClippedAroundWhatTheyWere() {
    JsonObject oracle =
        Oracle.read("control/ppo_losses.json").getAsJsonArray("value").get(0).getAsJsonObject();
    Map<String, Object> clipped = Map.of("VALUE_CLIP", oracle.get("clip").getAsDouble());
    try (TextProbe probe = new TextProbe(VALUE, clipped, TextProbe.texts("critic.py"));
        TextProbe open =
            new TextProbe(VALUE, Map.of("VALUE_CLIP", 0.0), TextProbe.texts("critic.py"))) {
      List<double[]> got = probe.run(values(oracle));
      assertNumber(got.get(0), oracle, "cleanrl_clipped_loss");
      assertClose(got.get(1), oracle.get("cleanrl_clipped_grad"), 1e-10);
      got = open.run(values(oracle));
      assertNumber(got.get(0), oracle, "unclipped_half_mse");
      assertClose(got.get(1), oracle.get("unclipped_half_mse_grad"), 1e-10);
    }
  }

  @Test
  void adjustmentsOfChoicesFollowTheFormula() {
    for (JsonElement element : Oracle.read("control/props.json").getAsJsonArray("categorical")) {
      JsonObject oracle = element.getAsJsonObject();
      double clip = oracle.get("eps").getAsDouble();
      try (TextProbe probe = probe(ADJUSTMENT, new Categorical(3), "props.py")) {
        List<double[]> plain = adjustment(probe, oracle, clip, 0);
        assertNumber(plain.get(0), oracle, "clipped_loss");
        assertNumber(plain.get(1), oracle, "kl_phi_theta");
        assertNumber(plain.get(2), oracle, "k3_stop_statistic");
        assertClose(plain.get(3), oracle.get("clipped_grad"), 1e-10);
        List<double[]> full = adjustment(probe, oracle, clip, oracle.get("lambda").getAsDouble());
        assertNumber(full.get(0), oracle, "loss_with_kl_phi_theta");
        assertClose(full.get(3), oracle.get("grad_with_kl_phi_theta"), 1e-10);
      }
    }
  }

  /** A7. */
  @Test
  void pairsBelowTheRangeHaveNoGradient() {
    JsonObject oracle =
        Oracle.read("control/props.json").getAsJsonArray("categorical").get(0).getAsJsonObject();
    try (TextProbe probe = probe(ADJUSTMENT, new Categorical(3), "props.py")) {
      double[] gradient = adjustment(probe, oracle, oracle.get("eps").getAsDouble(), 0).get(3);
      double[] ratio = Oracle.vector(oracle.get("ratio"));
      int below = 0;
      for (int row = 0; row < ratio.length; row++) {
        double size = 0;
        for (int a = 0; a < 3; a++) {
          size += Math.abs(gradient[3 * row + a]);
        }
        boolean outside = ratio[row] < 0.7;
        assertThat(size == 0).as("row %d with ratio %s", row, ratio[row]).isEqualTo(outside);
        below += outside ? 1 : 0;
      }
      assertThat(below).isPositive();
    }
  }

  @Test
  void adjustmentsOfNormalsTakeTheMeanOverDimensions() {
    for (JsonElement element : Oracle.read("control/props.json").getAsJsonArray("gaussian")) {
      JsonObject oracle = element.getAsJsonObject();
      int size = oracle.getAsJsonArray("target_log_std").size();
      try (TextProbe probe = probe(ADJUSTMENT, new Normal(size), "props.py")) {
        List<double[]> got =
            probe.run(
                normals(oracle.get("behaviour_mean"), oracle.get("behaviour_log_std")),
                normals(oracle.get("target_mean"), oracle.get("target_log_std")),
                TextProbe.tensor(oracle.get("actions")),
                oracle.get("eps").getAsDouble(),
                oracle.get("lambda").getAsDouble());
        assertNumber(got.get(0), oracle, "loss_mean_over_dims");
        assertNumber(got.get(1), oracle, "kl_phi_theta_mean_over_dims");
        assertNumber(got.get(2), oracle, "k3_stop_statistic");
        assertClose(means(got.get(3), size), oracle.get("grad_mean"), 1e-10);
        assertClose(spreads(got.get(3), size), oracle.get("grad_log_std"), 1e-10);
      }
    }
  }

  private static List<double[]> adjustment(
      TextProbe probe, JsonObject oracle, double clip, double kl) {
    return probe.run(
        TextProbe.tensor(oracle.get("behaviour_logits")),
        TextProbe.tensor(oracle.get("target_logits")),
        choices(oracle.get("actions")),
        clip,
        kl);
  }

  private static TextProbe surrogate(ActionDistribution actions, JsonObject oracle) {
    return probe(SURROGATE, actions, "clipped_surrogate.py", oracle.get("eps").getAsDouble());
  }

  private static TextProbe probe(String method, ActionDistribution actions, String text) {
    return probe(method, actions, text, 0);
  }

  private static TextProbe probe(
      String method, ActionDistribution actions, String text, double clip) {
    List<ProgramSource> sources = new ArrayList<>(TextProbe.texts(text));
    sources.add(actions.source());
    return new TextProbe(method, Map.of("CLIP", clip, "LOG_STD", 0), sources);
  }

  private static Object[] values(JsonObject oracle) {
    return new Object[] {
      TextProbe.tensor(oracle.get("values")),
      TextProbe.tensor(oracle.get("old_values")),
      TextProbe.tensor(oracle.get("returns"))
    };
  }

  private static Tensor choices(JsonElement actions) {
    double[] numbers = Oracle.vector(actions);
    long[] whole = new long[numbers.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) numbers[i];
    }
    return Tensor.of(whole, whole.length, 1);
  }

  /** Rows [B, 2A] of means and the logarithms that they share. */
  private static Tensor normals(JsonElement mean, JsonElement logStd) {
    double[][] means = Oracle.matrix(mean);
    double[] spread = Oracle.vector(logStd);
    int size = spread.length;
    double[] rows = new double[means.length * 2 * size];
    for (int b = 0; b < means.length; b++) {
      System.arraycopy(means[b], 0, rows, 2 * size * b, size);
      System.arraycopy(spread, 0, rows, 2 * size * b + size, size);
    }
    return Tensor.of(rows, means.length, 2L * size);
  }

  private static double[] means(double[] gradient, int size) {
    double[] means = new double[gradient.length / 2];
    for (int b = 0; b < means.length / size; b++) {
      System.arraycopy(gradient, 2 * size * b, means, size * b, size);
    }
    return means;
  }

  /** The shared logarithms' gradient: the sum over rows. */
  private static double[] spreads(double[] gradient, int size) {
    double[] sums = new double[size];
    for (int i = 0; i < gradient.length; i++) {
      if (i % (2 * size) >= size) {
        sums[i % size] += gradient[i];
      }
    }
    return sums;
  }

  private static void assertNumber(double[] got, JsonObject oracle, String name) {
    assertThat(got[0]).as(name).isCloseTo(oracle.get(name).getAsDouble(), within(1e-10));
  }
}
