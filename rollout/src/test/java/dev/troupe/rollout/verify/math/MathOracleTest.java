package dev.troupe.rollout.verify.math;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.troupe.rollout.verify.math.MathAnswer.PercentSign;
import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.MathEquivalence.Verdict;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The verdicts of math-verify 0.9.0 (with ANTLR 4.11) on 646 pairs. */
class MathOracleTest {
  private static final List<JsonObject> ROWS = Pairs.oracle();

  private final MathEquivalence equivalence = new MathEquivalence(Settings.standard());
  private final MathEquivalence withoutPercent = new MathEquivalence(unread(true));

  @Test
  void hasEveryRow() {
    assertThat(ROWS).hasSize(646);
  }

  @Test
  void agreesOnEveryRowThatIsNotAboutPercentages() {
    assertThat(disagreements(equivalence, "equal", row -> row))
        .allMatch(row -> tag(row).equals("percentage"));
  }

  @Test
  void takesPercentSignsAsHundredthsWhereTheReferenceCannotReadThem() {
    assertThat(disagreements(equivalence, "equal", row -> row))
        .hasSize(9)
        .allMatch(row -> !row.get("equal").getAsBoolean())
        .allMatch(row -> (text(row, "gold") + text(row, "candidate")).contains("\\%"));
  }

  @Test
  void agreesOnEveryRowWherePercentSignsAreNotRead() {
    assertThat(disagreements(withoutPercent, "equal", row -> row)).isEmpty();
  }

  @Test
  void agreesOnEveryRowWithReferenceAndResponseExchanged() {
    assertThat(disagreements(withoutPercent, "equal_swapped", MathOracleTest::swapped)).isEmpty();
  }

  @Test
  void agreesOnEveryRowWhereLettersDoNotMatter() {
    assertThat(disagreements(new MathEquivalence(unread(false)), "equal_non_strict", row -> row))
        .isEmpty();
  }

  private static List<JsonObject> disagreements(
      MathEquivalence equivalence, String column, Function<JsonObject, JsonObject> change) {
    return ROWS.stream()
        .filter(
            row -> {
              JsonObject changed = change.apply(row);
              Verdict verdict =
                  equivalence.judgeTexts(text(changed, "gold"), text(changed, "candidate"));
              return (verdict == Verdict.EQUAL) != row.get(column).getAsBoolean();
            })
        .toList();
  }

  private static JsonObject swapped(JsonObject row) {
    JsonObject swapped = new JsonObject();
    swapped.add("gold", row.get("candidate"));
    swapped.add("candidate", row.get("gold"));
    return swapped;
  }

  private static Settings unread(boolean strict) {
    return new Settings(
        Settings.standard().extraction(),
        PercentSign.UNREAD,
        strict,
        Settings.standard().stepsMax());
  }

  private static String tag(JsonObject row) {
    return text(row, "tag");
  }

  private static String text(JsonObject row, String name) {
    return row.get(name).getAsString();
  }
}
