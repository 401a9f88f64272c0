package dev.troupe.learner.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvantageEstimatorTest {
  private static final double TOLERANCE = 1e-7;

  @Test
  void grpoMatchesTheReference() {
    for (JsonObject each : cases()) {
      assertSpread(new Grpo(), each, "grpo_std");
    }
  }

  @Test
  void drGrpoMatchesTheReference() {
    for (JsonObject each : cases()) {
      assertSpread(new DrGrpo(), each, "grpo_no_std_dr_grpo");
    }
  }

  @Test
  void rlooMatchesTheReference() {
    for (JsonObject each : cases()) {
      assertSpread(new Rloo(), each, "rloo");
    }
  }

  @Test
  void reinforcePlusPlusMatchesTheReference() {
    for (JsonObject each : cases()) {
      ReinforcePlusPlus estimator = new ReinforcePlusPlus(each.get("gamma").getAsDouble());
      assertTokens(
          estimator.returns(scores(each)), each, Oracle.matrix(each.get("reinforce_pp_returns")));
      assertTokens(
          estimator.advantages(scores(each)), each, Oracle.matrix(each.get("reinforce_pp")));
    }
  }

  @Test
  void reinforcePlusPlusBaselineMatchesTheReference() {
    for (JsonObject each : cases()) {
      assertTokens(
          new ReinforcePlusPlusBaseline().advantages(scores(each)),
          each,
          Oracle.matrix(each.get("reinforce_pp_baseline")));
    }
  }

  /** Scores and groups stand in the names of the results. */
  @Test
  void theInputsOfAPublishedTestMatch() {
    JsonObject published = Oracle.read("advantages.json").getAsJsonObject("published_test_inputs");
    double[] numbers = {6, 3, 9, 12, 1};
    Scores scores = new Scores(new long[] {0, 0, 1, 1, 2}, numbers, ones(5));
    assertThat(column(new Rloo().advantages(scores)))
        .containsExactly(
            Oracle.vector(published.get("rloo_scores_6_3_9_12_1_groups_00112")), within(TOLERANCE));
    assertThat(column(new DrGrpo().advantages(scores)))
        .containsExactly(
            Oracle.vector(published.get("grpo_no_std_same_scores")), within(TOLERANCE));
    boolean[][] trained = {{true, true, false, false, true}};
    double[][] returns =
        new ReinforcePlusPlus(0.5).returns(new Scores(new long[1], new double[] {2}, trained));
    double[][] expected =
        Oracle.matrix(published.get("reinforce_pp_returns_gamma.5_mask11001_reward2_last"));
    for (int t = 0; t < 5; t++) {
      assertThat(trained[0][t] ? returns[0][t] : 0).isEqualTo(expected[0][t]);
    }
  }

  private static boolean[][] ones(int rows) {
    boolean[][] mask = new boolean[rows][1];
    for (boolean[] row : mask) {
      row[0] = true;
    }
    return mask;
  }

  private static double[] column(double[][] rows) {
    return Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
  }

  @Test
  void groupOfEqualScoresTeachesNothing() {
    Scores scores =
        new Scores(new long[] {4, 4, 5, 5}, new double[] {0.1, 0.1, 0, 1}, new boolean[4][1]);
    assertThat(scores.shareOfGroupsWithoutSignal()).isEqualTo(0.5);
    boolean[][] trained = {{true}, {true}};
    Scores equal = new Scores(new long[] {4, 4}, new double[] {0.1, 0.1}, trained);
    for (AdvantageEstimator estimator : List.of(new Grpo(), new DrGrpo(), new Rloo())) {
      assertThat(estimator.advantages(equal)).isDeepEqualTo(new double[][] {{0}, {0}});
    }
  }

  @Test
  void refusesAScoreThatIsNotANumber() {
    assertThatThrownBy(() -> new Scores(new long[1], new double[] {Double.NaN}, new boolean[1][1]))
        .hasMessage("score of sequence [0] must be finite, got [NaN]");
  }

  private static List<JsonObject> cases() {
    List<JsonObject> cases = new ArrayList<>();
    for (JsonElement each : Oracle.read("advantages.json").getAsJsonArray("cases")) {
      cases.add(each.getAsJsonObject());
    }
    assertThat(cases).hasSizeGreaterThanOrEqualTo(4);
    return cases;
  }

  private static Scores scores(JsonObject each) {
    double[] numbers = Oracle.vector(each.get("groups"));
    long[] groups = new long[numbers.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (long) numbers[i];
    }
    return new Scores(groups, Oracle.vector(each.get("scores")), Oracle.mask(each.get("mask")));
  }

  private static void assertSpread(AdvantageEstimator estimator, JsonObject each, String key) {
    double[] bySequence = Oracle.vector(each.get(key));
    double[][] expected = Oracle.matrix(each.get("mask"));
    for (int b = 0; b < expected.length; b++) {
      for (int t = 0; t < expected[b].length; t++) {
        expected[b][t] *= bySequence[b];
      }
    }
    assertTokens(estimator.advantages(scores(each)), each, expected);
  }

  private static void assertTokens(double[][] found, JsonObject each, double[][] expected) {
    boolean[][] mask = Oracle.mask(each.get("mask"));
    for (int b = 0; b < expected.length; b++) {
      for (int t = 0; t < expected[b].length; t++) {
        double wanted = mask[b][t] ? expected[b][t] : 0;
        assertThat(found[b][t])
            .as("sequence %d token %d", b, t)
            .isCloseTo(wanted, within(TOLERANCE * Math.max(1, Math.abs(wanted))));
      }
    }
  }
}
