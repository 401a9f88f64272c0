package dev.troupe.tests.ops;

import static dev.troupe.tests.ops.Yaml.list;
import static dev.troupe.tests.ops.Yaml.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alert rules: of the form that Prometheus reads, about figures that there are, and explained. */
final class AlertRulesTest {
  private static final Set<String> KEYS = Set.of("alert", "expr", "for", "labels", "annotations");
  private static final Pattern FIGURE = Pattern.compile("\\btroupe_[a-z_]+");
  private static final String OPENING = "([{";
  private static final String CLOSING = ")]}";

  private static List<JsonElement> rules() {
    return Yaml.read(Yaml.ROOT.resolve("ops/alerts.yaml")).stream()
        .flatMap(it -> list(it, "groups").stream())
        .peek(group -> assertThat(text(group, "name")).isNotEmpty())
        .flatMap(group -> list(group, "rules").stream())
        .toList();
  }

  @Test
  void rulesHaveTheFormThatPrometheusReads() {
    assertThat(rules()).hasSizeGreaterThan(10);
    assertThat(rules()).extracting(it -> text(it, "alert")).doesNotHaveDuplicates();
    for (JsonElement rule : rules()) {
      assertThat(KEYS).containsAll(rule.getAsJsonObject().keySet());
      assertThat(text(rule, "alert")).matches("Troupe[A-Za-z]+");
      assertThat(text(rule, "for")).matches("|[0-9]+[smhd]");
      assertThat(text(rule, "labels.severity")).isIn("critical", "warning", "info");
      assertThat(text(rule, "annotations.summary")).isNotEmpty();
      assertThat(unbalanced(text(rule, "expr"))).as(rule.toString()).isFalse();
    }
  }

  @Test
  void rulesAreAboutFiguresThatAreDocumentedAndEachIsExplained() throws IOException {
    String guide = Files.readString(Yaml.ROOT.resolve("docs/operations.md"));
    for (JsonElement rule : rules()) {
      assertThat(guide).contains("| `" + text(rule, "alert") + "` |");
      assertThat(FIGURE.matcher(text(rule, "expr")).results().map(MatchResult::group))
          .allSatisfy(figure -> assertThat(guide).contains("`" + figure + "`"));
    }
  }

  @Test
  void aMissingParenthesisIsFound() {
    assertThat(unbalanced("sum(rate(a[5m])")).isTrue();
    assertThat(unbalanced("sum(a{b=\"(\"})")).isFalse();
    assertThat(unbalanced("sum(a]")).isTrue();
  }

  private static boolean unbalanced(String expression) {
    Deque<Integer> open = new ArrayDeque<>();
    boolean quoted = false;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && OPENING.indexOf(c) >= 0) {
        open.push(OPENING.indexOf(c));
      } else if (!quoted
          && CLOSING.indexOf(c) >= 0
          && (open.isEmpty() || open.pop() != CLOSING.indexOf(c))) {
        return true;
      }
    }
    return quoted || !open.isEmpty();
  }
}
