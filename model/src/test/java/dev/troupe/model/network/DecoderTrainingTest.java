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
import java.util.SplittableRandom;
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

  private static final String BOTH =
      """
      class Program(Module):
          def set(self, x: Tensor, y: Tensor) -> Tensor:
              return x.copy_(y)

          def by_autograd(
              self, tokens: Tensor, rows: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, List[Tensor]]:
              torch.set_grad_enabled(True)
              p = annotate(List[Tensor], [])
              for t in w:
                  p.append(t.detach().requires_grad_(True))
              hidden = hidden_states(tokens, p)
              logp, entropy = next_token_log_probabilities(hidden, tokens, rows, 1.3, p)
              loss = torch.sum(torch.exp(logp)) + torch.sum(entropy ** 2)
              out = annotate(List[Tensor], [])
              g = torch.grad([loss], p)
              for i in range(len(w)):
                  d = g[i]
                  if d is not None:
                      out.append(d)
              return (logp.detach(), entropy.detach(), out)

          def by_hand(
              self, tokens: Tensor, rows: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, List[Tensor]]:
              logp, entropy, tape = policy_forward(tokens, rows, 1.3, w)
              return (logp, entropy, policy_backward(torch.exp(logp), entropy * 2, tape, w))
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

  @Test
  void handWrittenBackwardAgreesWithAutograd() {
    for (boolean tied : new boolean[] {true, false}) {
      DecoderNetwork network =
          new DecoderNetwork(new DecoderShape(11, 16, 2, 6, 2, 4, 24, 32, 500, 1e-5, tied, 0.3));
      List<ProgramSource> sources = new ArrayList<>(network.sources());
      sources.add(new ProgramSource("both.py", BOTH));
      try (TorchProgram program =
              TorchProgram.compile("both", sources, network.constants(Map.of()));
          Parameters weights = network.initial(7);
          Tensor tokens = Tensor.of(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}, 2, 6);
          Tensor rows = Tensor.of(new long[] {0, 1, 3, 4, 6, 8})) {
        randomiseGains(program, weights);
        try (Result expected = program.run("by_autograd", tokens, rows, weights.tensors());
            Result actual = program.run("by_hand", tokens, rows, weights.tensors())) {
          for (int i = 0; i < 2; i++) {
            try (Tensor a = actual.tensor(i);
                Tensor e = expected.tensor(i)) {
              assertThat(a.toFloats()).containsExactly(e.toFloats(), within(1e-5f));
            }
          }
          List<Tensor> a = actual.tensors(2);
          List<Tensor> e = expected.tensors(2);
          for (int i = 0; i < e.size(); i++) {
            assertThat(a.get(i).shape()).isEqualTo(e.get(i).shape());
            assertThat(a.get(i).toFloats())
                .as(weights.names().get(i))
                .containsExactly(e.get(i).toFloats(), within(2e-5f));
          }
          a.forEach(Tensor::close);
          e.forEach(Tensor::close);
        }
      }
    }
  }

  /** Zeros among them: no gradient may be found by dividing by a gain. */
  private static void randomiseGains(TorchProgram program, Parameters weights) {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < weights.names().size(); i++) {
      Tensor tensor = weights.tensors().get(i);
      if (tensor.shape().length == 1) {
        float[] gains = new float[(int) tensor.shape()[0]];
        for (int j = 0; j < gains.length; j++) {
          gains[j] = j % 5 == 0 ? 0 : random.nextFloat();
        }
        try (Tensor values = Tensor.of(gains)) {
          program.run("set", tensor, values).close();
        }
      }
    }
  }
}
