package dev.troupe.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import org.junit.jupiter.api.Test;

class TokenWeightsTest {
  @Test
  void everyAggregationMatchesTheReferenceInValueAndGradient() {
    for (JsonElement element : Oracle.read("loss_aggregation.json").getAsJsonArray("cases")) {
      JsonObject each = element.getAsJsonObject();
      int length = Oracle.matrix(each.get("mask"))[0].length;
      check(each, "token-mean", Aggregation.TOKEN_MEAN, 0);
      check(each, "seq-mean-token-mean", Aggregation.SEQUENCE_MEAN_TOKEN_MEAN, 0);
      check(each, "seq-mean-token-sum", Aggregation.SEQUENCE_MEAN_TOKEN_SUM, 0);
      check(each, "seq-mean-token-sum-norm", Aggregation.CONSTANT_LENGTH, length);
      check(each, "seq-mean-token-sum-norm@const=16", Aggregation.CONSTANT_LENGTH, 16);
    }
  }

  @Test
  void constantLengthNeedsALength() {
    assertThatThrownBy(() -> TokenWeights.of(Aggregation.CONSTANT_LENGTH, new int[] {1}, 0))
        .hasMessageContaining("at least 1, got [0]");
  }

  private static void check(JsonObject each, String key, Aggregation aggregation, int constant) {
    double[][] losses = Oracle.matrix(each.get("loss_mat"));
    boolean[][] mask = Oracle.mask(each.get("mask"));
    int[] counts = new int[mask.length];
    for (int b = 0; b < mask.length; b++) {
      for (boolean trained : mask[b]) {
        counts[b] += trained ? 1 : 0;
      }
    }
    double[] weights = TokenWeights.of(aggregation, counts, constant);
    JsonObject expected = each.getAsJsonObject(key);
    double[][] gradient = Oracle.matrix(expected.get("grad"));
    double loss = 0;
    for (int b = 0; b < losses.length; b++) {
      for (int t = 0; t < losses[b].length; t++) {
        double weight = mask[b][t] ? weights[b] : 0;
        loss += weight * losses[b][t];
        assertThat(weight).as(key).isCloseTo(gradient[b][t], within(1e-7));
      }
    }
    assertThat(loss).as(key).isCloseTo(expected.get("loss").getAsDouble(), within(1e-7));
  }
}
