package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which policies each algorithm compares, on three steps of one episode that goes on. */
final class AlgorithmTest {
  private static final double DISCOUNT = 0.9;
  private static final double LAMBDA = 0.8;
  private static final double CLIP = 0.2;
  private static final double SHARE = 0.5;
  private static final double[] REWARDS = {1, -0.5, 2};
  private static final double[] VALUES = {0.3, -0.2, 0.7};
  private static final double[] NEXT_VALUES = {-0.2, 0.7, 0.4};
  private static final double[] OLD = {-0.6, -1.1, -0.3};
  private static final double[] BEHAVIOUR = {-0.9, -0.7, -0.4};
  private static final double[] TARGET = {-0.5, -2.5, -0.8};
  private static final double[] NOW = {-0.2, -1.0, -0.9};

  private static final String PROBE =
      """
      class Program(Module):
          def probe(
              self, rewards: Tensor, values: Tensor, next_values: Tensor, old: Tensor, behaviour: Tensor, target: Tensor, logp: Tensor
          ) -> List[Tensor]:
              ones = torch.ones_like(rewards)
              advantages, targets, reference = algorithm_targets(
                  rewards, values, next_values, ones, ones, old, behaviour, target
              )
              loss, clipped = algorithm_loss(logp, reference, advantages)
              return [advantages, targets, loss, clipped.to(torch.float64)]
      """;

  @Test
  void ppoTakesTheRatioToTheOldPolicyOnGae() {
    double[] advantages = gae();
    List<double[]> got = run("ppo.py");
    assertClose(got.get(0), advantages);
    assertClose(got.get(1), plus(advantages, VALUES));
    assertClose(got.get(2), surrogate(ratios(NOW, OLD), advantages));
  }

  @Test
  void actorCriticsTakeThePolicyGradient() {
    double[] advantages = gae();
    List<double[]> a2c = run("a2c.py");
    assertClose(a2c.get(0), advantages);
    assertClose(a2c.get(2), times(advantages, NOW, -1));
    Vtrace vtrace = new Vtrace(ratios(OLD, BEHAVIOUR));
    List<double[]> impala = run("impala.py");
    assertClose(impala.get(0), vtrace.advantages);
    assertClose(impala.get(1), plus(vtrace.errors, VALUES));
    assertClose(impala.get(2), times(vtrace.advantages, NOW, -1));
    assertThat(impala.get(3)).containsOnly(0);
  }

  @Test
  void appoClipsTheRatioToTheOldPolicyOnVtrace() {
    Vtrace vtrace = new Vtrace(ratios(OLD, BEHAVIOUR));
    List<double[]> got = run("appo.py");
    assertClose(got.get(0), vtrace.advantages);
    assertClose(got.get(1), plus(vtrace.errors, VALUES));
    assertClose(got.get(2), surrogate(ratios(NOW, OLD), vtrace.advantages));
  }

  @Test
  void impactClipsTheRatioToTheTargetOrToAShareOfTheBehaviour() {
    Vtrace vtrace = new Vtrace(ratios(TARGET, BEHAVIOUR));
    double[] below = new double[3];
    Arrays.setAll(below, t -> Math.max(TARGET[t], BEHAVIOUR[t] + Math.log(SHARE)));
    // The second step's target is so unlikely that the share of the behaviour counts.
    assertThat(below).containsExactly(TARGET[0], BEHAVIOUR[1] + Math.log(SHARE), TARGET[2]);
    List<double[]> got = run("impact.py");
    assertClose(got.get(0), vtrace.errors);
    assertClose(got.get(1), plus(vtrace.errors, VALUES));
    double[] ratios = ratios(NOW, below);
    assertClose(got.get(2), surrogate(ratios, vtrace.errors));
    assertThat(got.get(3))
        .containsExactly(Arrays.stream(ratios).map(r -> Math.abs(r - 1) > CLIP ? 1 : 0).toArray());
  }

  private static List<double[]> run(String algorithm) {
    Map<String, Object> constants =
        Map.of(
            "DISCOUNT",
            DISCOUNT,
            "LAMBDA",
            LAMBDA,
            "CLIP",
            CLIP,
            "RHO_CAP",
            1.0,
            "TRACE_CAP",
            1.0,
            "ADVANTAGE_CAP",
            1.1,
            "LOG_TARGET_SHARE",
            Math.log(SHARE));
    try (TextProbe probe =
        new TextProbe(
            PROBE,
            constants,
            TextProbe.texts(
                "recurrence.py", "gae.py", "vtrace.py", "clipped_surrogate.py", algorithm))) {
      return probe.run(
          column(REWARDS),
          column(VALUES),
          column(NEXT_VALUES),
          column(OLD),
          column(BEHAVIOUR),
          column(TARGET),
          column(NOW));
    }
  }

  private static Tensor column(double[] values) {
    return Tensor.of(values, values.length, 1);
  }

  private static double[] gae() {
    double[] advantages = new double[3];
    double ahead = 0;
    for (int t = 2; t >= 0; t--) {
      ahead = REWARDS[t] + DISCOUNT * NEXT_VALUES[t] - VALUES[t] + DISCOUNT * LAMBDA * ahead;
      advantages[t] = ahead;
    }
    return advantages;
  }

  /** V-trace as its definition has it, from the end. */
  private static final class Vtrace {
    private final double[] errors = new double[3];
    private final double[] advantages = new double[3];

    Vtrace(double[] rho) {
      double ahead = 0;
      for (int t = 2; t >= 0; t--) {
        double plain = REWARDS[t] + DISCOUNT * NEXT_VALUES[t] - VALUES[t];
        advantages[t] = Math.min(1.1, rho[t]) * (plain + DISCOUNT * LAMBDA * ahead);
        ahead = Math.min(1, rho[t]) * (plain + DISCOUNT * LAMBDA * ahead);
        errors[t] = ahead;
      }
    }
  }

  private static double[] ratios(double[] above, double[] below) {
    double[] ratios = new double[3];
    Arrays.setAll(ratios, t -> Math.exp(above[t] - below[t]));
    return ratios;
  }

  private static double[] surrogate(double[] ratios, double[] advantages) {
    double[] loss = new double[3];
    Arrays.setAll(
        loss,
        t ->
            Math.max(
                -advantages[t] * ratios[t],
                -advantages[t] * Math.clamp(ratios[t], 1 - CLIP, 1 + CLIP)));
    return loss;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[3];
    Arrays.setAll(sum, t -> a[t] + b[t]);
    return sum;
  }

  private static double[] times(double[] a, double[] b, double factor) {
    double[] product = new double[3];
    Arrays.setAll(product, t -> factor * a[t] * b[t]);
    return product;
  }

  private static void assertClose(double[] got, double[] expected) {
    assertThat(got).containsExactly(expected, within(1e-12));
  }
}
