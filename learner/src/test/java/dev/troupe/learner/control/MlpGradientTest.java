package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ActionDistribution.MultiCategorical;
import dev.troupe.model.network.ActionDistribution.Normal;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.MlpNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The hand-written backward pass of the tanh layers against autograd, in float64. */
final class MlpGradientTest {
  private static final int ROWS = 7;

  private static final String PROBE =
      """
      class Program(Module):
          def probe(
              self, x: Tensor, flat: Tensor, mean: Tensor, scale: Tensor, d_distributions: Tensor, d_values: Tensor
          ) -> List[Tensor]:
              begins = x.new_zeros([1, x.size(1)])
              state = x.new_zeros([x.size(1), 0])
              d, v, tape = policy_forward(x, begins, state, flat, [mean, scale])
              return [d, v, policy_backward(d_distributions, d_values, tape, flat)]
      """;

  @Test
  void gradientsAreThoseOfAutograd() {
    List<List<Integer>> layers = List.of(List.of(5), List.of(6, 6), List.of(4, 3, 5));
    List<ActionDistribution> actions =
        List.of(new Categorical(3), new MultiCategorical(List.of(2, 3)), new Normal(2));
    for (int i = 0; i < layers.size(); i++) {
      for (boolean normalised : new boolean[] {false, true}) {
        ControlShape shape =
            new ControlShape(4, layers.get(i), Recurrence.NONE, 0, actions.get(i), normalised, 1.5);
        check(new MlpNetwork(shape));
      }
    }
  }

  private static void check(ControlNetwork network) {
    List<double[]> byHand = run(network, network.trainingSources());
    List<double[]> byAutograd = run(network, TextProbe.texts("autograd_policy.py"));
    for (int part = 0; part < 3; part++) {
      assertThat(byHand.get(part))
          .as("part %d of %s", part, network.shape())
          .containsExactly(byAutograd.get(part), within(1e-12));
    }
    assertThat(byHand.get(2)).doesNotContain(0.0);
  }

  private static List<double[]> run(ControlNetwork network, List<ProgramSource> training) {
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(
        ProgramSource.resource(ControlProgram.class, "/dev/troupe/learner/update/parameters.py"));
    sources.addAll(training);
    var constants = ControlProgram.constants(new Controls().build(), network);
    SplittableRandom random = new SplittableRandom(11);
    int size = (int) network.trained().stream().mapToLong(ParameterShape::elements).sum();
    int parameters = network.shape().actions().parameters();
    try (TextProbe probe = new TextProbe(PROBE, network.constants(constants), sources)) {
      return probe.run(
          normals(random, 1, ROWS, 4),
          normals(random, size),
          normals(random, 4),
          normals(random, 4),
          normals(random, 1, ROWS, parameters),
          normals(random, 1, ROWS));
    }
  }

  private static Tensor normals(SplittableRandom random, long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }
}
