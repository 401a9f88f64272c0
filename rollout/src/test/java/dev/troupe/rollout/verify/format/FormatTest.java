package dev.troupe.rollout.verify.format;

import static dev.troupe.rollout.verify.Attempts.attempt;
import static dev.troupe.rollout.verify.Attempts.rule;
import static dev.troupe.rollout.verify.Attempts.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.verify.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {
  @Test
  void thinkTagsAgreeWithTrl() {
    Rule rule = rule("think-tags", "{}");
    List<JsonObject> rows =
        Oracle.objects(Oracle.verifiers("format_and_length_rewards").get("think_format"));
    assertThat(rows).hasSize(50);
    for (JsonObject row : rows) {
      assertThat(score(rule, attempt("", row.get("text").getAsString())))
          .as("%s", row)
          .isEqualTo(row.get("reward").getAsDouble());
    }
  }

  @Test
  void tagsMustBeThereOnceAndInOrder() {
    Rule rule = rule("tags", "{}");
    assertThat(score(rule, attempt("", "<think>a</think> so <answer>b</answer>."))).isEqualTo(1);
    assertThat(score(rule, attempt("", "<answer>b</answer><think>a</think>"))).isEqualTo(0);
    assertThat(score(rule, attempt("", "<think>a</think><think>a</think><answer>b</answer>")))
        .isEqualTo(0);
    assertThat(score(rule, attempt("", "<think>a<answer>b</answer></think>"))).isEqualTo(0);
    assertThat(score(rule, attempt("", "<think>a</think>"))).isEqualTo(0);
  }

  @Test
  void someOfTheTagsEarnTheirShare() {
    Rule rule = rule("tags", "{'partial':true}");
    assertThat(score(rule, attempt("", "<think>a</think> so b"))).isEqualTo(0.5);
    assertThat(score(rule, attempt("", "<answer>a</answer>"))).isEqualTo(0.5);
    assertThat(score(rule, attempt("", "so b"))).isEqualTo(0);
    assertThat(score(rule, attempt("", "<think>a</think><answer>b</answer>"))).isEqualTo(1);
  }

  @Test
  void nothingMayStandOutsideOfTheTagsIfTheRecipeSaysSo() {
    Rule rule = rule("tags", "{'outside':false}");
    assertThat(score(rule, attempt("", "<think>a</think>\n<answer>b</answer>\n"))).isEqualTo(1);
    assertThat(score(rule, attempt("", "<think>a</think> so <answer>b</answer>"))).isEqualTo(0);
    assertThat(score(rule, attempt("", "<think>a</think><answer>b</answer>!"))).isEqualTo(0);
  }

  @Test
  void anExpressionMatchesSomeOrAllOfAnAnswer() {
    assertThat(score(rule("regex", "{'pattern':'[0-9]+'}"), attempt("", "so 12 it is")))
        .isEqualTo(1);
    Rule whole = rule("regex", "{'pattern':'[0-9]+','whole':true}");
    assertThat(score(whole, attempt("", "so 12 it is"))).isEqualTo(0);
    assertThat(score(whole, attempt("", "12"))).isEqualTo(1);
  }

  @Test
  void noAnswerMakesAnExpressionSlow() {
    Rule rule = rule("regex", "{'pattern':'^(a+)+$'}");
    assertThat(score(rule, attempt("", "a".repeat(20_000) + "!"))).isEqualTo(0);
  }

  @Test
  void refusesAnExpressionThatIsNone() {
    assertThatThrownBy(() -> rule("regex", "{'pattern':'(a'}"))
        .hasMessageStartingWith("pattern: got [(a], expected a regular expression");
    assertThatThrownBy(() -> rule("regex", "{'pattern':'(?=a)b'}"))
        .hasMessageContaining("RE2's syntax");
    assertThatThrownBy(() -> rule("regex", "{}"))
        .hasMessage("pattern: got [nothing], expected a text; it has no default");
  }

  @Test
  void anAnswerInJsonMayStandInACodeBlock() {
    Rule rule = rule("json-schema", "{}");
    assertThat(score(rule, attempt("", " {\"a\": [1, null]} "))).isEqualTo(1);
    assertThat(score(rule, attempt("", "```json\n{\"a\": 1}\n```"))).isEqualTo(1);
    assertThat(score(rule, attempt("", "{a: 1}"))).isEqualTo(0);
    assertThat(score(rule, attempt("", "{} {}"))).isEqualTo(0);
    assertThat(score(rule, attempt("", ""))).isEqualTo(0);
    assertThat(score(rule("json-schema", "{'fences':false}"), attempt("", "```json\n1\n```")))
        .isEqualTo(0);
    assertThat(score(rule, attempt("", "[".repeat(100_000)))).isEqualTo(0);
  }

  @Test
  void theSchemaMayBeTheTasks() {
    Rule rule = rule("json-schema", "{'schema-of':'task'}");
    assertThat(score(rule, attempt("{\"type\":\"integer\"}", "3"))).isEqualTo(1);
    assertThat(score(rule, attempt("{\"type\":\"integer\"}", "3.5"))).isEqualTo(0);
    assertThat(rule.judge(attempt("{\"type\":\"whole\"}", "3")))
        .isInstanceOf(Outcome.Invalid.class);
    assertThat(rule.judge(attempt("no schema", "3"))).isInstanceOf(Outcome.Invalid.class);
  }
}
