package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.troupe.rollout.verify.math.MathAnswer.Extraction;
import dev.troupe.rollout.verify.math.MathAnswer.PercentSign;
import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.MathEquivalence.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Pairs beside the shared table, with the verdicts that math-verify 0.9.0 (with ANTLR 4.11) gave:
 * how answers are announced, algebra, functions, sets, equations, units and words.
 */
class OwnPairsTest {
  /** The reasons that docs/rewards.md gives. */
  private static final Set<String> REASONS =
      Set.of("small-numbers", "calculus", "order-in-sets", "intersections", "decimal-exponents");

  private static final List<JsonObject> ROWS = Pairs.own();

  private final MathEquivalence equivalence =
      new MathEquivalence(new Settings(Extraction.ANYWHERE, PercentSign.UNREAD, true, 200_000));

  @Test
  void areJudgedAsMathVerifyDoesOrForADocumentedReason() {
    assertThat(ROWS).hasSize(877);
    assertThat(ROWS)
        .allSatisfy(
            row -> {
              String gold = row.get("gold").getAsString();
              String candidate = row.get("candidate").getAsString();
              boolean expected = row.get(row.has("ours") ? "ours" : "equal").getAsBoolean();
              assertThat(equivalence.judgeTexts(gold, candidate) == Verdict.EQUAL)
                  .as("[%s] against [%s]", gold, candidate)
                  .isEqualTo(expected);
            });
  }

  @Test
  void areJudgedOtherwiseInSevenCasesOnly() {
    List<JsonObject> others = ROWS.stream().filter(row -> row.has("ours")).toList();
    assertThat(others).hasSize(7);
    assertThat(others).allMatch(row -> REASONS.contains(row.get("why").getAsString()));
  }
}
