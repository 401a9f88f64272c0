package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide's tables of log lines and fields against the sources, in both directions. */
final class LogsAreDocumentedTest {
  private static final Pattern WARNING =
      Pattern.compile(
          "(?:LOG|[lL]og\\(\\))\\s*\\.\\s*"
              + "(?:(?:warn|error)\\(|at(?:Warn|Error)\\(\\)[^;]*?\\.\\s*log\\()"
              + "\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ANY_WARNING =
      Pattern.compile("\\.\\s*(?:warn\\(|error\\(\\s*[^)\\s]|atWarn\\(|atError\\()");
  private static final Pattern FIELD = Pattern.compile("addKeyValue\\(\"(\\w+)\"");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Of every event, whatever it is about. */
  private static final List<String> ALWAYS =
      List.of("time", "level", "logger", "thread", "message", "node", "error");

  @Test
  void everyWarningIsExplained() throws IOException {
    Map<String, Set<String>> explained = rows();
    TreeMap<String, String> missing = new TreeMap<>();
    int warnings = 0;
    for (Map.Entry<String, String> source : sources().entrySet()) {
      assertThat(count(ANY_WARNING, source.getValue()))
          .as("warnings of " + source.getKey() + " whose text is a literal")
          .isEqualTo(count(WARNING, source.getValue()));
      Matcher matcher = WARNING.matcher(source.getValue());
      while (matcher.find()) {
        warnings++;
        String text = matcher.group(1).replace("{}", "…");
        // What only passes on somebody's words is explained by the logger's row.
        boolean isExplained =
            text.matches("…( \\(.*)?")
                ? explained.containsKey(source.getKey())
                : explained.getOrDefault(source.getKey(), Set.of()).stream()
                    .anyMatch(text::contains);
        if (!isExplained) {
          missing.put(text, source.getKey());
        }
      }
    }
    assertThat(warnings).isGreaterThan(10);
    assertThat(missing).as("warnings without a row under \"Log lines\", with logger").isEmpty();
  }

  @Test
  void everyExplanationIsOfALineThatThereIs() throws IOException {
    Map<String, String> sources = sources();
    rows()
        .forEach(
            (logger, texts) -> {
              assertThat(sources).containsKey(logger);
              String source = sources.getOrDefault(logger, "").replace("{}", "…");
              assertThat(texts)
                  .as("lines of " + logger)
                  .allSatisfy(text -> assertThat(source).contains(text));
            });
  }

  @Test
  void fieldsAreThoseThatAreWritten() throws IOException {
    Set<String> written = new TreeSet<>(ALWAYS);
    sources().values().stream()
        .flatMap(source -> FIELD.matcher(source).results())
        .map(it -> it.group(1))
        .forEach(written::add);
    assertThat(firstColumn(section("Logs")).flatMap(LogsAreDocumentedTest::codes))
        .containsExactlyInAnyOrderElementsOf(written);
  }

  /** What the guide explains, by logger; a row may explain several lines. */
  private static Map<String, Set<String>> rows() throws IOException {
    Map<String, Set<String>> rows = new HashMap<>();
    for (String line : section("Log lines").lines().filter(it -> it.startsWith("| `")).toList()) {
      String[] cells = line.split("\\|");
      rows.computeIfAbsent(codes(cells[1]).findFirst().orElseThrow(), _ -> new TreeSet<>())
          .addAll(codes(cells[2]).toList());
    }
    assertThat(rows).hasSizeGreaterThan(5);
    return rows;
  }

  private static Stream<String> firstColumn(String section) {
    return section.lines().filter(it -> it.startsWith("| `")).map(it -> it.split("\\|")[1]);
  }

  private static Stream<String> codes(String cell) {
    return CODE.matcher(cell).results().map(it -> it.group(1));
  }

  private static String section(String title) throws IOException {
    return Files.readString(Yaml.ROOT.resolve("docs/operations.md"))
        .split("\n## " + title + "\n", 2)[1]
        .split("\n#", 2)[0];
  }

  private static long count(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).count();
  }

  /** The product's sources by the name of their class; texts in several parts are put together. */
  private static Map<String, String> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Yaml.ROOT)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(LogsAreDocumentedTest::files)
          .filter(file -> !file.endsWith("package-info.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  LogsAreDocumentedTest::text,
                  (one, other) -> one + other));
    }
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
