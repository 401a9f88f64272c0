package dev.troupe.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Supervised fine-tuning's loss from logits, in float64, with gradients. */
class SupervisedLossTest {
  private static final String TEXT =
      """
      class Program(Module):
          def check(self, logits: Tensor, targets: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
              torch.set_grad_enabled(True)
              leaf = logits.detach().requires_grad_(True)
              logp = torch.log_softmax(leaf, -1).gather(1, targets.unsqueeze(1)).squeeze(1)
              loss = supervised_loss(logp, weights)
              gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
              torch.set_grad_enabled(False)
              return (loss.detach(), gradient)
      """;

  @Test
  void crossEntropyOfTrainedTokensMatchesTokenMeanAndSampleMean() {
    try (TorchProgram program =
        TorchProgram.compile(
            "sft",
            List.of(PolicyLoss.supervised(), new ProgramSource("check.py", TEXT)),
            Map.of())) {
      JsonArray cases = Oracle.read("sft_rm.json").getAsJsonArray("sft");
      assertThat(cases).hasSize(2);
      for (JsonElement element : cases) {
        JsonObject each = element.getAsJsonObject();
        check(program, each, Aggregation.TOKEN_MEAN, "ce_token_mean", "ce_grad_logits");
        check(
            program,
            each,
            Aggregation.SEQUENCE_MEAN_TOKEN_MEAN,
            "openrlhf_sample_mean",
            "sample_mean_grad_logits");
      }
    }
  }

  private static void check(
      TorchProgram program,
      JsonObject each,
      Aggregation aggregation,
      String loss,
      String gradient) {
    double[][] labels = Oracle.matrix(each.get("labels"));
    int length = labels[0].length;
    double[] logits = Oracle.flat(each.get("logits"));
    int vocabulary = logits.length / (labels.length * length);
    int[] counts = new int[labels.length];
    for (int b = 0; b < labels.length; b++) {
      counts[b] = (int) IntStream.range(1, length).filter(position(labels[b])).count();
    }
    double[] bySequence = TokenWeights.of(aggregation, counts, 0);
    double[] weights = new double[labels.length * length];
    long[] targets = new long[labels.length * length];
    for (int b = 0; b < labels.length; b++) {
      for (int t = 0; t + 1 < length; t++) {
        if (labels[b][t + 1] >= 0) {
          weights[b * length + t] = bySequence[b];
          targets[b * length + t] = (long) labels[b][t + 1];
        }
      }
    }
    try (Tensor rows = Tensor.of(logits, weights.length, vocabulary);
        Tensor wanted = Tensor.of(targets);
        Tensor shares = Tensor.of(weights);
        Result result = program.run("check", rows, wanted, shares);
        Tensor found = result.tensor(0);
        Tensor slope = result.tensor(1)) {
      assertThat(found.toDoubles()[0])
          .as(loss)
          .isCloseTo(each.get(loss).getAsDouble(), within(1e-8));
      assertThat(slope.toDoubles())
          .as(gradient)
          .containsExactly(Oracle.flat(each.get(gradient)), within(1e-8));
    }
  }

  private static java.util.function.IntPredicate position(double[] labels) {
    return t -> labels[t] >= 0;
  }
}
