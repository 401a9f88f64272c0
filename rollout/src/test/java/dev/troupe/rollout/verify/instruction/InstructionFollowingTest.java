package dev.troupe.rollout.verify.instruction;

import static dev.troupe.rollout.verify.Attempts.attempt;
import static dev.troupe.rollout.verify.Attempts.rule;
import static dev.troupe.rollout.verify.Attempts.score;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verifiers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstructionFollowingTest {
  private final Rule rule = rule("ifeval", "{}");

  private static String task(JsonArray ids, JsonArray kwargs) {
    JsonObject task = new JsonObject();
    task.add("instruction_id_list", ids);
    task.add("kwargs", kwargs);
    return task.toString();
  }

  private static String task(String id, String kwargs) {
    return "{\"instruction_id_list\":[\"%s\"],\"kwargs\":[%s]}".formatted(id, kwargs);
  }

  private static ConstraintReport report(Outcome outcome) {
    return (ConstraintReport)
        InstructionFollowing.DETAIL.decode(((Outcome.Scored) outcome).detail().orElseThrow());
  }

  /**
   * The detector's own verdict is required where the reference's was sure. One sentence in capitals
   * it takes for German; with lines around it, it was asked about those, too, and was sure.
   */
  private static boolean isSure(JsonObject row) {
    boolean isTakenForGerman =
        row.get("response").getAsString().contains("YESTERDAY WE DECIDED THAT THE LIBRARY");
    return !isTakenForGerman && isSureOfAll(row);
  }

  private static boolean isSureOfAll(JsonObject row) {
    return !row.has("langdetect")
        || row.get("langdetect").isJsonNull()
        || row.getAsJsonArray("langdetect").get(1).getAsDouble() >= 0.99;
  }

  @Test
  void everyConstraintAgreesWithLmEvalStrictlyAndLoosely() {
    List<JsonObject> rows = Oracle.verifierLines("ifeval_single");
    assertThat(rows).hasSize(469);
    Set<String> ids = new HashSet<>();
    StringBuilder others = new StringBuilder();
    for (JsonObject row : rows) {
      String id = row.get("instruction_id").getAsString();
      ids.add(id);
      if (!isSure(row)) {
        continue;
      }
      Outcome outcome =
          rule.judge(
              attempt(task(id, row.get("kwargs").toString()), row.get("response").getAsString()));
      ConstraintVerdict wanted =
          new ConstraintVerdict(
              id, row.get("strict").getAsBoolean(), row.get("loose").getAsBoolean());
      if (!(outcome instanceof Outcome.Scored)
          || !report(outcome).verdicts().equals(List.of(wanted))) {
        others.append(row).append('\n').append(outcome).append('\n');
      }
    }
    assertThat(others.toString()).isEmpty();
    assertThat(ids).isEqualTo(Constraints.ids()).hasSize(25);
  }

  @Test
  void rowsOfThePromptFileAgreeWithLmEval() {
    List<JsonObject> rows = Oracle.verifierLines("ifeval_prompts");
    assertThat(rows).hasSize(120);
    Rule loose = rule("ifeval", "{'reading':'loose'}");
    StringBuilder others = new StringBuilder();
    for (JsonObject row : rows) {
      String task = task(row.getAsJsonArray("instruction_id_list"), row.getAsJsonArray("kwargs"));
      String response = row.get("response").getAsString();
      Outcome outcome = rule.judge(attempt(task, response));
      List<ConstraintVerdict> verdicts = report(outcome).verdicts();
      boolean same =
          verdicts.stream().map(ConstraintVerdict::strict).toList().equals(flags(row, "strict"))
              && verdicts.stream()
                  .map(ConstraintVerdict::loose)
                  .toList()
                  .equals(flags(row, "loose"))
              && score(rule, attempt(task, response))
                  == (row.get("strict_all").getAsBoolean() ? 1 : 0)
              && score(loose, attempt(task, response))
                  == (row.get("loose_all").getAsBoolean() ? 1 : 0);
      if (!same) {
        others.append(row).append('\n').append(verdicts).append('\n');
      }
    }
    assertThat(others.toString()).isEmpty();
  }

  private static List<Boolean> flags(JsonObject row, String name) {
    return row.getAsJsonArray(name).asList().stream().map(JsonElement::getAsBoolean).toList();
  }

  @Test
  void theShareOfConstraintsMetMayBeTheScore() {
    String task =
        "{\"instruction_id_list\":[\"punctuation:no_comma\",\"startend:quotation\"],"
            + "\"kwargs\":[{},{}],\"prompt\":\"whatever\"}";
    Rule share = rule("ifeval", "{'score':'share'}");
    assertThat(score(share, attempt(task, "no"))).isEqualTo(0.5);
    assertThat(score(rule, attempt(task, "no"))).isEqualTo(0);
    assertThat(score(share, attempt(task, "\"no\""))).isEqualTo(1);
    assertThat(((Outcome.Scored) share.judge(attempt(task, "no"))).parts())
        .containsExactly(
            new Outcome.Part("strict", 0),
            new Outcome.Part("loose", 0),
            new Outcome.Part("strict-share", 0.5),
            new Outcome.Part("loose-share", 0.5));
  }

  @Test
  void theDetailSaysWhichConstraintsAreMet() {
    String task =
        "{\"instruction_id_list\":[\"punctuation:no_comma\",\"startend:quotation\"],"
            + "\"kwargs\":[{},{}]}";
    Outcome.Scored scored = (Outcome.Scored) rule.judge(attempt(task, "no"));
    assertThat(Verifiers.words(scored.detail().orElseThrow()))
        .contains("✓ punctuation:no_comma, ✗ startend:quotation");
  }

  @Test
  void tasksThatCannotBeJudgedSayWhy() {
    assertThat(rule.judge(attempt("", "a")))
        .isInstanceOfSatisfying(
            Outcome.Invalid.class,
            invalid -> assertThat(invalid.why()).contains("instruction_id_list"));
    assertThat(rule.judge(attempt(task("punctuation:no_coma", "{}"), "a")))
        .isEqualTo(
            new Outcome.Invalid(
                "got [punctuation:no_coma], expected an instruction of IFEval; nearest:"
                    + " punctuation:no_comma"));
    assertThat(
            rule.judge(attempt(task("length_constraints:number_words", "{\"num_words\":3}"), "a")))
        .isEqualTo(
            new Outcome.Invalid(
                "length_constraints:number_words.relation: got [nothing], expected a text; it has"
                    + " no default"));
    assertThat(
            rule.judge(
                attempt(
                    task(
                        "length_constraints:number_words",
                        "{\"num_words\":3,\"relation\":\"about\"}"),
                    "a")))
        .isInstanceOf(Outcome.Invalid.class);
    assertThat(rule.judge(attempt(task("keywords:existence", "{\"keywords\":[\"a(\"]}"), "a")))
        .isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void argumentsThatAreNullCountAsNotGiven() {
    assertThat(
            score(
                rule,
                attempt(
                    task("punctuation:no_comma", "{\"num_words\":null,\"relation\":null}"), "a")))
        .isEqualTo(1);
  }
}
