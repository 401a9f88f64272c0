package dev.troupe.rollout.verify.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.verify.code.CodeSettings.Compare;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputComparisonTest {
  /** The rules by which the two are the same; \n and \t are written out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'1\\n'|'1\\n'|EXACT LINES WORDS NUMBERS",
        "'1\\n'|'1'|LINES WORDS NUMBERS",
        "'1 2\\n3'|'1 2 \\n3\\n\\n'|LINES WORDS NUMBERS",
        "'1 2\\n3'|'1\\t2 3'|WORDS NUMBERS",
        "'1 2'|'12'|",
        "'a'|'A'|",
        "'0.5'|'0.50'|NUMBERS",
        "'0.3333333333'|'0.33333333'|NUMBERS",
        "'1000000'|'1000000.5'|NUMBERS",
        "'1'|'1.1'|",
        "'x 1'|'x 1.0'|NUMBERS",
        "'x 1'|'y 1.0'|",
        "'1 2'|'1'|",
        "'nan'|'1'|",
        "''|'\\n'|LINES WORDS NUMBERS",
        "''|'0'|"
      })
  void comparesByRules(String expected, String printed, String rules) {
    List<Compare> same =
        Arrays.stream(Compare.values())
            .filter(rule -> new OutputComparison(rule, 1e-6).isSame(text(expected), text(printed)))
            .toList();
    List<Compare> wanted =
        rules == null ? List.of() : Arrays.stream(rules.split(" ")).map(Compare::valueOf).toList();
    assertThat(same).isEqualTo(wanted);
  }

  private static String text(String quoted) {
    return quoted.substring(1, quoted.length() - 1).replace("\\n", "\n").replace("\\t", "\t");
  }
}
