package dev.troupe.rollout.sampling;

import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Log-probabilities by the network's plain forward pass over the whole sequence. */
final class ReferenceLogProbs {
  private static final String TEXT =
      """
      class Program(Module):
          def log_probs(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
              logits = torch.linear(hidden_states(tokens, w), head_weight(w))
              return torch.log_softmax(logits.squeeze(0), -1)
      """;

  private static final TorchProgram PROGRAM = compile();

  private ReferenceLogProbs() {}

  private static TorchProgram compile() {
    List<ProgramSource> sources = new ArrayList<>(SamplerFixture.NETWORK.sources());
    sources.add(new ProgramSource("reference.py", TEXT));
    return TorchProgram.compile("reference", sources, SamplerFixture.NETWORK.constants(Map.of()));
  }

  /** Of every answer token, over the vocabulary. */
  static float[][] of(Trajectory trajectory, PolicySnapshot policy) {
    Segment prompt = SamplerFixture.prompt(trajectory);
    Segment answer = SamplerFixture.answer(trajectory);
    int length = prompt.tokens().size() + answer.tokens().size();
    int[] tokens = new int[length];
    prompt.tokens().copyInto(tokens, 0);
    answer.tokens().copyInto(tokens, prompt.tokens().size());
    long[] wide = java.util.Arrays.stream(tokens).asLongStream().toArray();
    int vocabulary = SamplerFixture.TOKENIZER.size();
    try (Tensor input = Tensor.of(wide, 1, length);
        Result result = PROGRAM.run("log_probs", input, policy.parameters().tensors());
        Tensor logProbs = result.tensor()) {
      float[] flat = logProbs.toFloats();
      float[][] rows = new float[answer.tokens().size()][];
      for (int t = 0; t < rows.length; t++) {
        int from = (prompt.tokens().size() + t - 1) * vocabulary;
        rows[t] = java.util.Arrays.copyOfRange(flat, from, from + vocabulary);
      }
      return rows;
    }
  }
}
