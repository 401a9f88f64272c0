package dev.troupe.learner;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a snapshot for probabilities by the network's plain forward pass. */
final class PolicyProbe implements AutoCloseable {
  private static final String TEXT =
      """
      class Program(Module):
          def probability(self, tokens: Tensor, next: int, w: List[Tensor]) -> float:
              hidden = hidden_states(tokens, w)
              last = hidden.select(1, hidden.size(1) - 1)
              p = torch.softmax(torch.linear(last, head_weight(w)), -1)
              return float(p.select(1, next).sum())
      """;

  private final TorchProgram program;

  PolicyProbe(DecoderNetwork network) {
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(new ProgramSource("probe.py", TEXT));
    program = TorchProgram.compile("probe", sources, network.constants(Map.of()));
  }

  /** Of {@code next} after {@code prompt}. */
  double probability(PolicyLearner learner, int next, long... prompt) {
    try (PolicySnapshot snapshot = learner.snapshot();
        Tensor tokens = Tensor.of(prompt, 1, prompt.length);
        Result result = program.run("probability", tokens, next, snapshot.parameters().tensors())) {
      return result.number(0);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
