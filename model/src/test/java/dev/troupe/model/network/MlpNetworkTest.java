package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MlpNetworkTest {
  private static final String PROGRAM =
      """
      class Program(Module):
          def all(
              self, x: Tensor, state: Tensor, actions: Tensor, noise: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
              d, state = policy_step(x, state, w)
              logp, entropy = action_log_probabilities(d, actions)
              return (d, policy_values(x, state, w), logp, entropy, choose_actions(d, noise))
      """;

  @Test
  void hiddenLayersAreOrthogonalAndRepeatable() {
    MlpNetwork network = mlp(4, List.of(8, 6), 2);
    try (Parameters first = network.initial(3);
        Parameters again = network.initial(3);
        Parameters other = network.initial(4)) {
      assertThat(first.names())
          .startsWith("actor.0.weight", "critic.0.weight", "actor.0.bias", "critic.0.bias")
          .endsWith("actor.2.bias", "critic.2.bias");
      assertThat(first.hash()).isEqualTo(again.hash()).isNotEqualTo(other.hash());
      float[] w = first.get("actor.1.weight").toFloats();
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          double dot = 0;
          for (int k = 0; k < 8; k++) {
            dot += (double) w[i * 8 + k] * w[j * 8 + k];
          }
          assertThat(dot).isCloseTo(i == j ? 2 : 0, within(1e-6));
        }
      }
      assertThat(first.get("actor.2.bias").toFloats()).containsExactly(0, 0);
      double end = 0;
      for (float each : first.get("critic.2.weight").toFloats()) {
        end += (double) each * each;
      }
      assertThat(end).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void theProgramGivesLogitsValuesAndChoices() {
    MlpNetwork network = mlp(1, List.of(), 2);
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(new ProgramSource("all.py", PROGRAM));
    float log3 = (float) Math.log(3);
    try (TorchProgram program = TorchProgram.compile("mlp", sources, network.constants(Map.of()));
        Tensor x = Tensor.of(new float[] {1, 1, 1}, 3, 1);
        Tensor state = Tensor.of(new float[0], 3, 0);
        Tensor actions = Tensor.of(new long[] {0, 1, 1}, 3, 1);
        Tensor uniforms = Tensor.of(new double[] {0.7499999, 0.7500001, 0.9999999}, 3, 1);
        Parameters w =
            new Parameters(
                network.names(),
                List.of(
                    Tensor.of(new float[] {log3, 0}, 2, 1),
                    Tensor.of(new float[] {2}, 1, 1),
                    Tensor.of(new float[] {0, 0}, 2),
                    Tensor.of(new float[] {0.5f}, 1)));
        Result result = program.run("all", x, state, actions, uniforms, w.tensors());
        Tensor logits = result.tensor(0);
        Tensor values = result.tensor(1);
        Tensor logp = result.tensor(2);
        Tensor entropy = result.tensor(3);
        Tensor chosen = result.tensor(4)) {
      assertThat(logits.toFloats()).containsExactly(log3, 0, log3, 0, log3, 0);
      assertThat(values.toFloats()).containsExactly(2.5f, 2.5f, 2.5f);
      assertThat(logp.toFloats())
          .containsExactly(
              new float[] {(float) Math.log(.75), (float) Math.log(.25), (float) Math.log(.25)},
              within(1e-6f));
      double expected = -.75 * Math.log(.75) - .25 * Math.log(.25);
      assertThat((double) entropy.toFloats()[0]).isCloseTo(expected, within(1e-6));
      assertThat(chosen.toLongs()).containsExactly(0, 1, 1);
    }
  }

  private static MlpNetwork mlp(int observation, List<Integer> hidden, int actions) {
    return new MlpNetwork(
        ControlShape.plain(observation, hidden, new ActionDistribution.Categorical(actions)));
  }
}
