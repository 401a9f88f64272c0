package dev.troupe.rollout.verify.composition;

import static dev.troupe.rollout.verify.Attempts.attempt;
import static dev.troupe.rollout.verify.Attempts.ofLength;
import static dev.troupe.rollout.verify.Attempts.rule;
import static dev.troupe.rollout.verify.Attempts.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.Outcome.Part;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.verify.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompositionTest {
  private static final String TWO =
      "{'members':[{'verifier':'gsm8k'},{'verifier':'think-tags','weight':0.25}]}";

  @Test
  void aSumHasEveryMembersScoreAsAPart() {
    assertThat(rule("sum", TWO).judge(attempt("5", "<think>so</think>5")))
        .isEqualTo(
            new Outcome.Scored(
                1.25, List.of(new Part("gsm8k", 1), new Part("think-tags", 1)), Optional.empty()));
    assertThat(score(rule("sum", TWO), attempt("5", "5"))).isEqualTo(1);
    assertThat(score(rule("sum", TWO), attempt("5", "<think></think>6"))).isEqualTo(0.25);
  }

  @Test
  void partsOfMembersAreKeptByTheirNames() {
    Outcome outcome =
        rule("sum", "{'members':[{'verifier':'squad','name':'words','weight':2}]}")
            .judge(attempt("red cat", "red"));
    assertThat(((Outcome.Scored) outcome).parts())
        .extracting(Part::name)
        .containsExactly("words", "words.exact", "words.f1", "words.precision", "words.recall");
  }

  @Test
  void aMinimumIsTheSmallestWeightedScore() {
    assertThat(score(rule("min", TWO), attempt("5", "<think></think>5"))).isEqualTo(0.25);
    assertThat(score(rule("min", TWO), attempt("5", "5"))).isEqualTo(0);
  }

  @Test
  void aGateLetsTheLastScorePassWhereAllBeforeItReachTheThreshold() {
    Rule gate =
        rule("gate", "{'members':[{'verifier':'think-tags'},{'verifier':'squad'}],'otherwise':-1}");
    assertThat(score(gate, attempt("a red cat", "red cat"))).isEqualTo(-1);
    assertThat(score(gate, attempt("x think", "<think></think> x"))).isGreaterThan(0);
    assertThatThrownBy(() -> rule("gate", "{'members':[{'verifier':'exact'}]}"))
        .hasMessageStartingWith("members: ");
  }

  @Test
  void theFirstFailureCounts() {
    Rule rule =
        rule(
            "first-failing",
            "{'members':[{'verifier':'tags','settings':{'partial':true}},"
                + "{'verifier':'gsm8k','weight':2}],'threshold':1}");
    assertThat(score(rule, attempt("5", "<think>a</think>5"))).isEqualTo(0.5);
    assertThat(score(rule, attempt("5", "<think>a</think><answer>5</answer>"))).isEqualTo(2);
    assertThat(score(rule, attempt("5", "<think>a</think><answer>6</answer>"))).isEqualTo(0);
  }

  @Test
  void aMemberWithoutAScoreLeavesTheWholeWithoutOne() {
    assertThat(rule("sum", TWO).judge(attempt("", "5")))
        .isEqualTo(new Outcome.Invalid("[gsm8k]: the task has no reference answer"));
  }

  @Test
  void aCompositionMayBeAMember() {
    String inner = "{'verifier':'sum','name':'inner','settings':" + TWO + "}";
    Outcome outcome =
        rule("min", "{'members':[" + inner + "]}").judge(attempt("5", "<think></think>5"));
    assertThat(((Outcome.Scored) outcome).parts())
        .containsExactly(
            new Part("inner", 1.25), new Part("inner.gsm8k", 1), new Part("inner.think-tags", 1));
  }

  @Test
  void whatIsWrongWithAMemberIsSaidWhereItStands() {
    assertThatThrownBy(
            () ->
                rule(
                    "sum",
                    "{'members':[{'verifier':'exact'},"
                        + "{'verifier':'tags','settings':{'tag':[]}}]}"))
        .hasMessage(
            "members.1.settings.tag: got [an unknown setting], expected a known one;"
                + " nearest: tags");
    assertThatThrownBy(() -> rule("sum", "{'members':[{'verifier':'exakt'}]}"))
        .hasMessageStartingWith("members.0.verifier: got [exakt], expected one of ")
        .hasMessageEndingWith("nearest: exact");
    assertThatThrownBy(() -> rule("sum", "{'members':[{'verifier':'exact'},{'verifier':'exact'}]}"))
        .hasMessage("members: got [[exact, exact]], expected of different names");
    assertThatThrownBy(() -> rule("sum", "{'members':[]}"))
        .hasMessage("members: got [[]], expected at least one");
  }

  @Test
  void theCosineRewardAgreesWithTrl() {
    int compared = 0;
    for (JsonObject row :
        Oracle.objects(Oracle.verifiers("format_and_length_rewards").get("cosine_length"))) {
      if (row.get("reward").isJsonNull()) {
        continue;
      }
      String settings =
          "{'max':%s,'min-wrong':%s,'max-wrong':%s,'min-right':%s,'max-right':%s}"
              .formatted(
                  row.get("max_len"),
                  or(row, "min_value_wrong", -1),
                  or(row, "max_value_wrong", -0.5),
                  or(row, "min_value_correct", 0.5),
                  or(row, "max_value_correct", 1));
      String answer = row.get("correct").getAsDouble() == 1 ? "yes" : "no";
      assertThat(
              score(
                  rule("cosine-length", settings),
                  ofLength("yes", answer, row.get("length").getAsInt())))
          .as("%s", row)
          .isCloseTo(row.get("reward").getAsDouble(), within(1e-12));
      compared++;
    }
    assertThat(compared).isEqualTo(96);
  }

  private static double or(JsonObject row, String name, double standard) {
    return row.has(name) ? row.get(name).getAsDouble() : standard;
  }
}
