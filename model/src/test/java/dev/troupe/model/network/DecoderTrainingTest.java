package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DecoderTrainingTest {
  private static final String STEP =
      """
      class Program(Module):
          def step(self, tokens: Tensor, rows: Tensor, w: List[Tensor]) -> float:
              torch.set_grad_enabled(True)
              p = annotate(List[Tensor], [])
              for t in w:
                  p.append(t.detach().requires_grad_(True))
              hidden = hidden_states(tokens, p)
              logp, entropy = next_token_log_probabilities(hidden, tokens, rows, 1.0, p)
              loss = torch.neg(torch.mean(logp))
              g = torch.grad([loss], p)
              for i in range(len(w)):
                  d = g[i]
                  if d is not None:
                      torch.sub_(w[i], d, alpha=0.1)
              return float(loss.detach())
      """;

  @Test
  void everyParameterMovesAndTheLossFalls() {
    DecoderNetwork network =
        new DecoderNetwork(new DecoderShape(11, 16, 2, 4, 2, 4, 24, 32, 10_000, 1e-5, false, 0.2));
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(new ProgramSource("step.py", STEP));
    try (TorchProgram program = TorchProgram.compile("step", sources, network.constants(Map.of()));
        Parameters weights = network.initial(7);
        Tensor tokens = Tensor.of(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}, 2, 6);
        Tensor rows = Tensor.of(new long[] {0, 1, 2, 3, 4, 6, 7, 8})) {
      double loss = Double.MAX_VALUE;
      for (int call = 0; call < 5; call++) {
        List<float[]> before = weights.tensors().stream().map(Tensor::toFloats).toList();
        try (Result result = program.run("step", tokens, rows, weights.tensors())) {
          assertThat(result.number(0)).isLessThan(loss);
          loss = result.number(0);
        }
        for (int i = 0; i < before.size(); i++) {
          assertThat(weights.tensors().get(i).toFloats())
              .as(weights.names().get(i))
              .isNotEqualTo(before.get(i));
        }
      }
    }
  }
}
