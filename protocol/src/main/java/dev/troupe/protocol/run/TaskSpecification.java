package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.util.List;

/** Where tasks come from. */
public sealed interface TaskSpecification {

  /**
   * Generated arithmetic, for example {@code 47+85=} with the answer {@code 231} when written
   * lowest digit first.
   *
   * @param digits most digits of an operand
   * @param operations of {@code +} and {@code -}
   * @param lowestDigitFirst how answers (not operands) are written
   * @param zeroPadded whether numbers have leading zeros: operands {@code digits} wide, answers of
   *     sums one more
   * @param heldOut problems kept for evaluation, never trained on
   */
  record Sums(
      int digits,
      List<String> operations,
      boolean lowestDigitFirst,
      boolean zeroPadded,
      int heldOut)
      implements TaskSpecification {
    public Sums {
      operations = List.copyOf(operations);
      Check.that(digits >= 1 && digits <= 9, "digits", "from 1 to 9", digits);
      Check.that(
          !operations.isEmpty() && List.of("+", "-").containsAll(operations),
          "operations",
          "at least one of + and -",
          operations);
      Check.atLeast("heldOut", 0, heldOut);
    }
  }

  /**
   * One JSON object a line.
   *
   * @param file as the recipe names it; found by hash in the run's files
   * @param promptTemplate text with {@code {field}} for fields of the object
   * @param answerField field that holds the reference answer; {@code *} = the whole object
   * @param difficultyField field by which results are reported; empty = none
   * @param heldOut lines kept for evaluation, chosen by the run's seed
   */
  record Jsonl(
      String file, String promptTemplate, String answerField, String difficultyField, int heldOut)
      implements TaskSpecification {
    public Jsonl {
      Check.notBlank("file", file);
      Check.atLeast("heldOut", 0, heldOut);
    }
  }
}
