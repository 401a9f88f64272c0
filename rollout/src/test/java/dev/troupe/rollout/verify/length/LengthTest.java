package dev.troupe.rollout.verify.length;

import static dev.troupe.rollout.verify.Attempts.ofLength;
import static dev.troupe.rollout.verify.Attempts.rule;
import static dev.troupe.rollout.verify.Attempts.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class LengthTest {
  private static List<JsonObject> rows(String name) {
    return Oracle.objects(Oracle.verifiers("format_and_length_rewards").get(name));
  }

  @Test
  void theOverlongPenaltyAgreesWithTrl() {
    assertThat(rows("soft_overlong")).hasSize(58);
    for (JsonObject row : rows("soft_overlong")) {
      Rule rule =
          rule(
              "overlong",
              "{'max':%d,'cache':%d}"
                  .formatted(
                      row.get("max_completion_len").getAsInt(),
                      row.get("soft_punish_cache").getAsInt()));
      assertThat(score(rule, ofLength("", "", row.get("length").getAsInt())))
          .as("%s", row)
          .isCloseTo(row.get("reward").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void theRepetitionPenaltyAgreesWithTrl() {
    assertThat(rows("repetition")).hasSize(40);
    for (JsonObject row : rows("repetition")) {
      Rule rule =
          rule(
              "repetition",
              "{'n':%d,'penalty':%s}"
                  .formatted(row.get("ngram_size").getAsInt(), row.get("max_penalty")));
      int[] ids =
          row.getAsJsonArray("completion_ids").asList().stream()
              .mapToInt(JsonElement::getAsInt)
              .toArray();
      assertThat(score(rule, new Attempt("", "", "", true, IntArray.of(ids))))
          .as("%s", row)
          .isCloseTo(row.get("reward").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void theWantedLengthAgreesWithOpenInstruct() {
    List<JsonObject> rows = Oracle.objects(Oracle.verifiers("string_match").get("length"));
    assertThat(rows).hasSize(72);
    for (JsonObject row : rows) {
      String shorter = row.get("verifier").getAsString().equals("max_length") ? "less" : "free";
      Rule rule =
          rule(
              "length",
              "{'max':%d,'shorter':'%s'}".formatted(row.get("max_length").getAsInt(), shorter));
      assertThat(
              score(
                  rule, ofLength(row.get("label").getAsString(), "", row.get("length").getAsInt())))
          .as("%s", row)
          .isCloseTo(row.get("score").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void refusesBoundsThatMakeNoSense() {
    assertThatThrownBy(() -> rule("overlong", "{'max':10,'cache':11}"))
        .hasMessage("cache: got [11], expected from 0 to max [10]");
    assertThatThrownBy(() -> rule("repetition", "{'penalty':1}"))
        .hasMessageStartingWith("penalty: got [1.0]");
    assertThat(rule("length", "{}").judge(ofLength("short", "", 3)))
        .isEqualTo(new Outcome.Invalid("expected a length in tokens, got [short]"));
  }
}
