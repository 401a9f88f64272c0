package dev.troupe.rollout.verify.text;

import static dev.troupe.rollout.verify.Attempts.attempt;
import static dev.troupe.rollout.verify.Attempts.rule;
import static dev.troupe.rollout.verify.Attempts.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.text.MultipleChoice.Extract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Verdicts beside those of the reference packages. */
class TextOraclesTest {
  @Test
  void gsm8kAgreesWithOpenInstructAndLmEval() {
    Rule last = rule("gsm8k", "{}");
    Rule strict = rule("gsm8k", "{'extract':'strict'}");
    Rule flexible = rule("gsm8k", "{'extract':'flexible'}");
    List<JsonObject> rows = Oracle.verifierLines("gsm8k_answers");
    assertThat(rows).hasSize(320);
    for (JsonObject row : rows) {
      String text = row.get("text").getAsString();
      String gold = row.get("gold").getAsString();
      JsonElement number = row.get("last_number");
      assertThat(LastNumber.in(text).orElse("none"))
          .as("%s", row)
          .isEqualTo(number.isJsonNull() ? "none" : number.getAsString());
      assertThat(Gsm8k.strict(text)).isEqualTo(row.get("strict_extract").getAsString());
      assertThat(Gsm8k.flexible(text)).isEqualTo(row.get("flexible_extract").getAsString());
      if (!gold.isBlank()) {
        assertThat(score(last, attempt(gold, text)))
            .as("%s", row)
            .isEqualTo(row.get("last_number_score").getAsDouble());
        assertThat(score(strict, attempt(gold, text)))
            .as("%s", row)
            .isEqualTo(row.get("strict_score").getAsDouble());
        assertThat(score(flexible, attempt(gold, text)))
            .as("%s", row)
            .isEqualTo(row.get("flexible_score").getAsDouble());
      }
    }
  }

  @Test
  void multipleChoiceAgreesWithLmEval() {
    List<JsonObject> rows = Oracle.objects(Oracle.verifiers("multiple_choice").get("cases"));
    assertThat(rows).hasSize(153);
    for (JsonObject row : rows) {
      String text = row.get("text").getAsString();
      List<String> choices =
          row.getAsJsonArray("choices").asList().stream().map(JsonElement::getAsString).toList();
      assertThat(MultipleChoice.chosen(Extract.PARENTHESIS, text, choices).orElse("[invalid]"))
          .as("%s", row)
          .isEqualTo(row.get("paren_or_choice").getAsString());
      assertThat(MultipleChoice.chosen(Extract.ANSWER_IS, text, choices).orElse("[invalid]"))
          .as("%s", row)
          .isEqualTo(row.get("answer_is_strict").getAsString());
      assertThat(MultipleChoice.chosen(Extract.LETTER, text, choices).orElse("[invalid]"))
          .as("%s", row)
          .isEqualTo(row.get("answer_is_letter_A_J").getAsString());
    }
  }

  @Test
  void squadAgreesWithOpenInstruct() {
    List<JsonObject> rows = Oracle.objects(Oracle.verifiers("string_match").get("squad_style"));
    assertThat(rows).hasSize(59);
    for (JsonObject row : rows) {
      String prediction = row.get("prediction").getAsString();
      String gold = row.get("gold").getAsString();
      assertThat(String.join(" ", StringMatch.words(prediction)))
          .isEqualTo(row.get("normalized_prediction").getAsString());
      assertThat(String.join(" ", StringMatch.words(gold)))
          .isEqualTo(row.get("normalized_gold").getAsString());
      StringMatch.Agreement agreement = StringMatch.compare(prediction, gold);
      assertThat(agreement.exact()).isEqualTo(row.get("exact").getAsBoolean());
      assertThat(agreement.f1()).isCloseTo(row.get("f1").getAsDouble(), within(1e-12));
      assertThat(agreement.precision())
          .isCloseTo(row.get("precision").getAsDouble(), within(1e-12));
      assertThat(agreement.recall()).isCloseTo(row.get("recall").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void answersWithinOtherTextAreFoundAsOpenInstructDoes() {
    Map<String, Rule> rules =
        Map.of(
            "flan", rule("squad", "{'score':'exact','answer':'after-phrase'}"),
            "string_matcher", rule("squad", "{'score':'exact','answer':'in-tags'}"),
            "string_f1", rule("squad", "{'answer':'after-thought'}"),
            "puzzle", rule("squad", "{'score':'exact','answer':'after-thought'}"));
    Map<String, Integer> compared = new HashMap<>();
    for (JsonObject row : Oracle.objects(Oracle.verifiers("string_match").get("wrapped"))) {
      Rule rule = rules.get(row.get("verifier").getAsString());
      if (rule == null) {
        continue;
      }
      compared.merge(row.get("verifier").getAsString(), 1, Integer::sum);
      JsonElement label = row.get("label");
      String expected = label.isJsonArray() ? label.toString() : label.getAsString();
      assertThat(score(rule, attempt(expected, row.get("prediction").getAsString())))
          .as("%s", row)
          .isCloseTo(row.get("score").getAsDouble(), within(1e-12));
    }
    assertThat(compared).containsOnlyKeys(rules.keySet());
    assertThat(compared.values()).allMatch(count -> count >= 25);
  }

  @Test
  void gsm8kTakesTheNumberBehindTheMarkOfTheDataSetsOwnAnswers() {
    String solution = "She has 1,000 + 2 = <<1000+2=1002>>1,002 eggs.\n#### 1,002";
    assertThat(score(rule("gsm8k", "{}"), attempt(solution, "So 1002."))).isEqualTo(1);
    assertThat(score(rule("gsm8k", "{}"), attempt(solution, "So 1003."))).isEqualTo(0);
    assertThat(rule("gsm8k", "{}").judge(attempt("  ", "5"))).isInstanceOf(Outcome.Invalid.class);
  }

  @Test
  void multipleChoiceComparesLettersWithoutCaseAndPunctuation() {
    Rule rule = rule("multiple-choice", "{'extract':'answer-is'}");
    assertThat(score(rule, attempt("B", "The answer is (b)."))).isEqualTo(1);
    assertThat(score(rule, attempt("(B)", "The answer is (C)."))).isEqualTo(0);
    Rule byText = rule("multiple-choice", "{}");
    String task = "{\"answer\":\"B\",\"choices\":[\"Paris\",\"Rome\"]}";
    assertThat(score(byText, attempt(task, "It is Rome!"))).isEqualTo(1);
    assertThat(score(byText, attempt(task, "It is Paris!"))).isEqualTo(0);
    assertThat(byText.judge(attempt("{\"choices\":[]}", "A"))).isInstanceOf(Outcome.Invalid.class);
    assertThat(byText.judge(attempt("{\"answer\":\"A\",\"choices\":[[]]}", "A")))
        .isInstanceOf(Outcome.Invalid.class);
  }
}
