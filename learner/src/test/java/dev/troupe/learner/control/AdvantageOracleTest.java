package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** GAE, V-trace and running statistics in float64 against published code. */
final class AdvantageOracleTest {
  private static final String GAE =
      """
      class Program(Module):
          def probe(
              self, rewards: Tensor, values: Tensor, last: Tensor, final: Tensor, terminated: Tensor, truncated: Tensor
          ) -> List[Tensor]:
              goes_on = (1. - terminated) * (1. - truncated)
              next_values = torch.where(torch.gt(goes_on, 0.), later(values, last), final)
              valued = goes_on
              if BOOTSTRAP:
                  valued = 1. - terminated
              advantages, targets = gae(rewards, values, next_values, valued, goes_on)
              return [advantages, targets]
      """;

  private static final String VTRACE =
      """
      class Program(Module):
          def probe(
              self, rewards: Tensor, values: Tensor, last: Tensor, discounts: Tensor, log_rho: Tensor
          ) -> List[Tensor]:
              advantages, errors = vtrace(rewards, values, later(values, last), discounts, discounts, log_rho)
              return [advantages, errors, values + errors]
      """;

  private static final String STATISTICS =
      """
      class Program(Module):
          def probe(self, mean: Tensor, variance: Tensor, count: Tensor, rows: Tensor) -> List[Tensor]:
              self.observe(mean, variance, count, rows)
              return [mean, variance, count]

          def probe_returns(
              self, mean: Tensor, variance: Tensor, count: Tensor, rewards: Tensor, begins: Tensor, start: Tensor, discount: float
          ) -> bool:
              return self.observe(mean, variance, count, discounted_returns(rewards, begins, start, discount))
      """;

  @Test
  void advantagesFollowBothRulesOfTruncation() {
    for (JsonElement element : Oracle.read("control/gae.json").getAsJsonArray("cases")) {
      JsonObject oracle = element.getAsJsonObject();
      for (boolean bootstrap : new boolean[] {true, false}) {
        Map<String, Object> constants =
            Map.of(
                "DISCOUNT",
                oracle.get("gamma").getAsDouble(),
                "LAMBDA",
                oracle.get("lambda").getAsDouble(),
                "BOOTSTRAP",
                bootstrap);
        JsonObject expected =
            oracle.getAsJsonObject("results").getAsJsonObject(bootstrap ? "proper" : "cleanrl");
        try (TextProbe probe =
            new TextProbe(GAE, constants, TextProbe.texts("recurrence.py", "gae.py"))) {
          List<double[]> got =
              probe.run(
                  TextProbe.tensor(oracle.get("rewards")),
                  TextProbe.tensor(oracle.get("values")),
                  TextProbe.tensor(oracle.get("last_values")),
                  TextProbe.tensor(oracle.get("terminal_values")),
                  TextProbe.tensor(oracle.get("terminated")),
                  TextProbe.tensor(oracle.get("truncated")));
          assertClose(got.get(0), expected.get("advantages"), 1e-10);
          assertClose(got.get(1), expected.get("returns"), 1e-10);
        }
      }
    }
  }

  @Test
  void vtraceGivesThePublishedTargetsAndAdvantages() {
    for (JsonElement element : Oracle.read("control/vtrace.json").getAsJsonArray("cases")) {
      JsonObject oracle = element.getAsJsonObject();
      Map<String, Object> constants =
          Map.of(
              "DISCOUNT",
              1.0,
              "LAMBDA",
              oracle.get("lambda").getAsDouble(),
              "RHO_CAP",
              cap(oracle, "clip_rho_threshold"),
              "TRACE_CAP",
              1.0,
              "ADVANTAGE_CAP",
              cap(oracle, "clip_pg_rho_threshold"));
      try (TextProbe probe =
          new TextProbe(VTRACE, constants, TextProbe.texts("recurrence.py", "vtrace.py"))) {
        List<double[]> got =
            probe.run(
                TextProbe.tensor(oracle.get("rewards")),
                TextProbe.tensor(oracle.get("values")),
                TextProbe.tensor(oracle.get("bootstrap_value")),
                TextProbe.tensor(oracle.get("discounts")),
                TextProbe.tensor(oracle.get("log_rhos")));
        assertClose(got.get(0), oracle.get("pg_advantages"), 1e-9);
        assertClose(got.get(1), oracle.get("errors"), 1e-9);
        assertClose(got.get(2), oracle.get("vs"), 1e-9);
      }
    }
  }

  @Test
  void runningStatisticsMergeAsThePeersDo() {
    JsonObject oracle = Oracle.read("control/running_stats.json");
    try (TextProbe probe = statistics();
        RunningStatistics seen = RunningStatistics.fresh(3)) {
      for (JsonElement element : oracle.getAsJsonArray("rms_trace")) {
        JsonObject step = element.getAsJsonObject();
        List<double[]> got = probe.observed(seen, step.get("batch"));
        assertClose(got.get(0), step.get("mean"), 1e-10);
        assertClose(got.get(1), step.get("var"), 1e-10);
        assertThat(got.get(2)[0]).isCloseTo(step.get("count").getAsDouble(), within(1e-9));
      }
    }
  }

  @Test
  void rewardsAreScaledByTheSpreadOfTheDiscountedReturn() {
    JsonObject oracle =
        Oracle.read("control/running_stats.json")
            .getAsJsonArray("vec_normalize")
            .get(0)
            .getAsJsonObject();
    int steps = oracle.get("frozen_from_step").getAsInt();
    double[][] rewards = Oracle.matrix(oracle.get("raw_rewards"));
    boolean[][] dones = mask(oracle.get("dones"));
    int lanes = rewards[0].length;
    double[] all = new double[steps * lanes];
    double[] begins = new double[steps * lanes];
    for (int t = 0; t < steps; t++) {
      for (int n = 0; n < lanes; n++) {
        all[t * lanes + n] = rewards[t][n];
        begins[t * lanes + n] = t > 0 && dones[t - 1][n] ? 1 : 0;
      }
    }
    JsonObject expected = oracle.getAsJsonArray("steps").get(steps - 1).getAsJsonObject();
    try (TextProbe probe = statistics();
        RunningStatistics seen = RunningStatistics.fresh(1)) {
      // Two fragments, the second of which is told the returns under way.
      int cut = 4;
      double gamma = oracle.get("gamma").getAsDouble();
      double[] underWay =
          Oracle.vector(
              oracle.getAsJsonArray("steps").get(cut - 1).getAsJsonObject().get("returns_after"));
      probe.returns(
          seen, part(all, 0, cut * lanes), part(begins, 0, cut * lanes), new double[lanes], gamma);
      probe.returns(
          seen,
          part(all, cut * lanes, all.length),
          part(begins, cut * lanes, all.length),
          underWay,
          gamma);
      assertThat(seen.mean().toDoubles()[0])
          .isCloseTo(expected.get("ret_mean").getAsDouble(), within(1e-9));
      assertThat(seen.variance().toDoubles()[0])
          .isCloseTo(expected.get("ret_var").getAsDouble(), within(1e-8));
      double raw = rewards[steps - 1][0];
      double normalised = Oracle.vector(expected.get("reward"))[0];
      assertThat(Math.clamp(raw * seen.scale(0), -10, 10)).isCloseTo(normalised, within(1e-5));
    }
  }

  private static TextProbe statistics() {
    return new TextProbe(
        STATISTICS,
        Map.of(),
        TextProbe.texts("recurrence.py", "experience.py", "running_statistics.py"));
  }

  private static double[] part(double[] values, int from, int to) {
    return Arrays.copyOfRange(values, from, to);
  }

  private static boolean[][] mask(JsonElement element) {
    boolean[][] mask = new boolean[element.getAsJsonArray().size()][];
    for (int t = 0; t < mask.length; t++) {
      var row = element.getAsJsonArray().get(t).getAsJsonArray();
      mask[t] = new boolean[row.size()];
      for (int n = 0; n < mask[t].length; n++) {
        mask[t][n] = row.get(n).getAsBoolean();
      }
    }
    return mask;
  }

  private static double cap(JsonObject oracle, String name) {
    JsonElement value = oracle.get(name);
    return value == null || value.isJsonNull() || value.getAsString().equals("inf")
        ? 1e30
        : value.getAsDouble();
  }

  static void assertClose(double[] got, JsonElement expected, double tolerance) {
    double[] wanted = Oracle.flat(expected);
    assertThat(got).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(got[i])
          .as("number %d", i)
          .isCloseTo(wanted[i], within(tolerance * Math.max(1, Math.abs(wanted[i]))));
    }
  }
}
