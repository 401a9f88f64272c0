package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ActingProgramTest {
  private static final String SEQUENCE =
      """
      class Program(Module):
          def sequence(
              self, x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, Tensor]:
              d, v = policy_sequence(x, begins, state, w)
              return (d, v, policy_states(x, begins, state, w))

          def step(self, x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
              d, after = policy_step(x, state, w)
              return (d, policy_values(x, state, w), after)
      """;

  @Test
  void severalChoicesAreDrawnApartAndTheirLogProbabilitiesAdd() {
    ControlNetwork network =
        new MlpNetwork(
            ControlShape.plain(
                1, List.of(), new ActionDistribution.MultiCategorical(List.of(2, 3))));
    float log3 = (float) Math.log(3);
    try (ActingProgram program = new ActingProgram(network);
        Parameters w =
            parameters(
                network,
                new float[] {0, 0, 0, 0, 0},
                new float[] {0},
                new float[] {log3, 0, 0, log3, 0},
                new float[] {0});
        Tensor x = Tensor.of(new float[] {0, 0}, 2, 1);
        Tensor state = Tensor.of(new float[0], 2, 0);
        Tensor noise = Tensor.of(new double[] {0.74, 0.21, 0.76, 0.81}, 2, 2);
        Result drawn = program.act(x, noise, state, w);
        Tensor actions = drawn.tensor(0);
        Tensor logp = drawn.tensor(1);
        Result likely = program.greedy(x, state, w);
        Tensor best = likely.tensor(0)) {
      assertThat(actions.toLongs()).containsExactly(0, 1, 1, 2);
      assertThat(logp.toFloats())
          .containsExactly(
              new float[] {(float) Math.log(0.75 * 0.6), (float) Math.log(0.25 * 0.2)},
              within(1e-6f));
      assertThat(best.toLongs()).containsExactly(0, 1, 0, 1);
    }
  }

  @Test
  void numbersAreDrawnFromNormalsAroundTheNormalisedObservation() {
    ControlShape shape =
        new ControlShape(
            1, List.of(), Recurrence.NONE, 0, new ActionDistribution.Normal(1), true, 2);
    ControlNetwork network = new MlpNetwork(shape);
    try (ActingProgram program = new ActingProgram(network);
        Parameters w =
            parameters(
                network,
                new float[] {1},
                new float[] {0},
                new float[] {0.5f},
                new float[] {0},
                new float[] {(float) Math.log(2)},
                new float[] {3},
                new float[] {0.25f});
        Tensor x = Tensor.of(new float[] {5, 100}, 2, 1);
        Tensor state = Tensor.of(new float[0], 2, 0);
        Tensor noise = Tensor.of(new double[] {1.5, 0}, 2, 1);
        Result drawn = program.act(x, noise, state, w);
        Tensor actions = drawn.tensor(0);
        Tensor logp = drawn.tensor(1)) {
      // (5 - 3) / 4 + 0.5 = 1 and, clipped, 2 + 0.5.
      assertThat(actions.toFloats()).containsExactly(new float[] {4, 2.5f}, within(1e-6f));
      double peak = -Math.log(2) - 0.5 * Math.log(2 * Math.PI);
      assertThat(logp.toFloats())
          .containsExactly(
              new float[] {(float) (peak - 0.5 * 1.5 * 1.5), (float) peak}, within(1e-6f));
    }
  }

  @Test
  void anLstmFollowsItsEquations() {
    ControlShape shape =
        new ControlShape(
            1, List.of(), Recurrence.LSTM, 1, new ActionDistribution.Normal(1), false, 10);
    ControlNetwork network = ControlNetwork.of(shape);
    try (ActingProgram program = new ActingProgram(network);
        Parameters w =
            parameters(
                network,
                new float[] {0.5f, -0.3f, 0.8f, 0.2f},
                new float[] {0.1f, 0.4f, -0.6f, 0.7f},
                new float[] {0.05f, 0, 0, 0},
                new float[] {0, 0.1f, 0, 0},
                new float[] {1},
                new float[] {0},
                new float[] {0},
                new float[] {0},
                new float[] {0});
        Tensor x = Tensor.of(new float[] {2}, 1, 1);
        Tensor state = Tensor.of(new float[] {0.3f, -0.5f}, 1, 2);
        Result result = program.greedy(x, state, w);
        Tensor mean = result.tensor(0);
        Tensor after = result.tensor(1)) {
      double i = sigmoid(0.5 * 2 + 0.1 * 0.3 + 0.05);
      double f = sigmoid(-0.3 * 2 + 0.4 * 0.3 + 0.1);
      double g = Math.tanh(0.8 * 2 - 0.6 * 0.3);
      double o = sigmoid(0.2 * 2 + 0.7 * 0.3);
      double c = f * -0.5 + i * g;
      double h = o * Math.tanh(c);
      assertThat(after.toFloats())
          .containsExactly(new float[] {(float) h, (float) c}, within(1e-6f));
      assertThat(mean.toFloats()).containsExactly(new float[] {(float) h}, within(1e-6f));
    }
  }

  @Test
  void aSequenceIsItsStepsWithMemoryEmptiedWhereEpisodesBegin() {
    for (Recurrence recurrence : Recurrence.values()) {
      int width = recurrence == Recurrence.NONE ? 0 : 5;
      ControlNetwork network =
          ControlNetwork.of(
              new ControlShape(
                  3,
                  List.of(4),
                  recurrence,
                  width,
                  new ActionDistribution.Categorical(2),
                  true,
                  10));
      List<ProgramSource> sources = new ArrayList<>(network.sources());
      sources.add(new ProgramSource("sequence.py", SEQUENCE));
      int states = network.state();
      float[] x = {1, 2, -1, 0.5f, 0, 3, -2, 1, 1, 0.1f, 0.2f, 0.3f};
      try (TorchProgram program =
              TorchProgram.compile("sequence", sources, network.constants(Map.of()));
          Parameters w = network.initial(7);
          Tensor all = Tensor.of(x, 4, 1, 3);
          Tensor begins = Tensor.of(new float[] {0, 0, 1, 0}, 4, 1);
          Tensor start = Tensor.of(filled(states, 0.25f), 1, states);
          Result result = program.run("sequence", all, begins, start, w.tensors());
          Tensor distributions = result.tensor(0);
          Tensor values = result.tensor(1);
          Tensor after = result.tensor(2)) {
        float[] state = filled(states, 0.25f);
        for (int t = 0; t < 4; t++) {
          state = t == 2 ? new float[states] : state;
          try (Tensor one = Tensor.of(Arrays.copyOfRange(x, 3 * t, 3 * t + 3), 1, 3);
              Tensor before = Tensor.of(state, 1, states);
              Result step = program.run("step", one, before, w.tensors());
              Tensor d = step.tensor(0);
              Tensor v = step.tensor(1);
              Tensor next = step.tensor(2)) {
            state = next.toFloats();
            assertThat(part(distributions, 2, t)).containsExactly(d.toFloats(), within(1e-6f));
            assertThat(part(values, 1, t)).containsExactly(v.toFloats(), within(1e-6f));
            assertThat(part(after, states, t)).containsExactly(state, within(1e-6f));
          }
        }
      }
    }
  }

  private static float[] part(Tensor tensor, int size, int index) {
    return Arrays.copyOfRange(tensor.toFloats(), size * index, size * (index + 1));
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Parameters parameters(ControlNetwork network, float[]... values) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      tensors.add(Tensor.of(values[i], network.layout().get(i).extents()));
    }
    return new Parameters(network.names(), tensors);
  }
}
