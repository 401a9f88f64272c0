package dev.troupe.rollout.verify.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.WrittenAnswer;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifiers of other people's jars: those that judge, and those that do everything else. */
@Timeout(180)
class PluginVerifierTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String KEYWORD =
      """
      int at = completion.indexOf(settings.word());
      if (at < 0) return Verdict.score(0);
      return Verdict.score(settings.worth()).part("at", at).because(new Found(settings.word(), at));
      """;

  @TempDir private Path folder;

  private static JsonObject settings(Path jar, String more) {
    return JsonText.parse("{\"jar\":\"" + jar + "\",\"workers\":1" + more + "}").getAsJsonObject();
  }

  private static Verifier verifier(Path jar, String more) {
    return Verifiers.of("java", "1", settings(jar, more));
  }

  private static List<Outcome> judge(Path jar, String more, Duration limit, String... answers) {
    try (Verifier verifier = verifier(jar, more)) {
      List<Verifier.Request> requests = new ArrayList<>();
      for (String answer : answers) {
        IntArray tokens = IntArray.of(1, 2, 3);
        requests.add(
            new Verifier.Request(
                new Task(1, "test", "", new TaskContent.Prompt("why?", "because")),
                WrittenAnswer.of(1, "why?", answer, tokens)));
      }
      return verifier.verifyAll(requests, limit);
    }
  }

  private static List<String> whys(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(
            outcome ->
                switch (outcome) {
                  case Outcome.Scored scored -> "scored " + scored.value();
                  case Outcome.Invalid(String why) -> "invalid: " + why;
                  case Outcome.TimedOut(Duration limit, String said) ->
                      "timed out: " + limit + said;
                  case Outcome.Crashed(String error) -> "crashed: " + error;
                })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker", "in-process"})
  void scoresWithPartsAndADetailThatIsShownWithoutIt(String isolation) throws IOException {
    Path jar = BuiltJar.judging(folder, "keyword", KEYWORD);
    String more = ",\"isolation\":\"" + isolation + "\",\"settings\":{\"word\":\"hence\"}";
    List<Outcome> outcomes = judge(jar, more, LONG, "and hence it is", "no");
    assertThat(outcomes.getFirst())
        .isInstanceOfSatisfying(
            Outcome.Scored.class,
            scored -> {
              assertThat(scored.value()).isEqualTo(1);
              assertThat(scored.parts()).containsExactly(new Outcome.Part("at", 4));
              assertThat(scored.detail())
                  .hasValueSatisfying(
                      detail -> {
                        assertThat(detail.plugin()).isEqualTo("keyword");
                        assertThat(Verifiers.words(detail)).contains("'hence' at 4");
                      });
            });
    assertThat(outcomes.getLast()).isEqualTo(new Outcome.Scored(0));
  }

  @Test
  void keepsTheJarWithTheSettings() throws IOException {
    Path jar = BuiltJar.judging(folder, "keyword", KEYWORD);
    String resolved = Verifiers.resolve("java", "2", settings(jar, ""));
    assertThat(resolved)
        .contains("\"jar\":\"keyword.jar\"", "\"verifier\":\"keyword\"", "\"release\":\"3\"")
        .contains("\"settings\":{\"word\":\"therefore\",\"worth\":1}");
    JsonObject kept = JsonText.parse(resolved).getAsJsonObject();
    Path other = BuiltJar.judging(folder, "keyword", "return Verdict.score(0);");
    try (Verifier verifier = Verifiers.of("java", "2", kept);
        Verifier changed = verifier(other, "")) {
      assertThat(verifier.ref().version()).isEqualTo("2");
      assertThat(changed.ref().hash()).isNotEqualTo(verifier.ref().hash());
      Files.delete(other);
      Outcome outcome =
          verifier.verify(
              new Task(1, "test", "", new TaskContent.Prompt("why?", "")),
              WrittenAnswer.of(1, "why?", "therefore", IntArray.of(1)));
      assertThat(whys(List.of(outcome))).containsExactly("scored 1.0");
    }
  }

  @Test
  void isAMemberOfAComposition() throws IOException {
    Path jar = BuiltJar.judging(folder, "keyword", KEYWORD);
    String members = "{\"members\":[{\"verifier\":\"exact\"},{\"verifier\":\"java\",\"settings\":";
    JsonObject written = JsonText.parse(members + settings(jar, "") + "}]}").getAsJsonObject();
    JsonObject kept = JsonText.parse(Verifiers.resolve("sum", "1", written)).getAsJsonObject();
    try (Verifier sum = Verifiers.of("sum", "1", kept)) {
      Outcome outcome =
          sum.verify(
              new Task(1, "test", "", new TaskContent.Prompt("why?", "therefore")),
              WrittenAnswer.of(1, "why?", "therefore", IntArray.of(1)));
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Scored.class,
              scored -> {
                assertThat(scored.value()).isEqualTo(2);
                assertThat(scored.parts()).contains(new Outcome.Part("java", 1));
              });
    }
  }

  @Test
  void bindsSettingsAsStrictlyAsShippedOnes() throws IOException {
    Path jar = BuiltJar.judging(folder, "keyword", KEYWORD);
    assertThatThrownBy(() -> verifier(jar, ",\"settings\":{\"wrod\":\"x\",\"worth\":\"much\"}"))
        .isInstanceOf(BadSettingsException.class)
        .hasMessageContaining("settings.wrod: got [an unknown setting]")
        .hasMessageContaining("nearest: word")
        .hasMessageContaining("settings.worth: got [much], expected a number");
    assertThatThrownBy(() -> verifier(jar, ",\"settings\":{\"worth\":-1}"))
        .hasMessageContaining("expected worth something");
  }

  @Test
  void blamesOnlyTheAnswerThatThrowsHangsExitsOrFillsTheHeap() throws IOException {
    Path jar =
        BuiltJar.judging(
            folder,
            "wild",
            """
            switch (completion) {
              case "throws" -> throw new IllegalStateException("no good");
              case "recurses" -> { return open(settings).verify(task, completion); }
              case "exits" -> { System.out.println("these are my last words"); System.exit(3); }
              case "hangs" -> {
                System.err.println("no end in sight");
                while (true) Thread.onSpinWait();
              }
              case "leaks" -> {
                List<byte[]> kept = new ArrayList<>();
                while (true) kept.add(new byte[1 << 20]);
              }
              case "floods" -> {
                for (int i = 0; i < 400; i++) System.out.println("x".repeat(65_535));
              }
              case "nan" -> { return Verdict.score(Double.NaN); }
              case "part" -> { return Verdict.score(1).part("half", Double.NaN); }
              case "null" -> { return null; }
              case "detail" -> { return Verdict.score(1).because(() -> "a lambda"); }
            }
            return Verdict.score(1);
            """);
    List<String> whys =
        whys(
            judge(
                jar,
                ",\"memory\":32",
                Duration.ofSeconds(8),
                "a",
                "exits",
                "b",
                "throws",
                "hangs",
                "leaks",
                "floods",
                "nan",
                "part",
                "null",
                "detail",
                "recurses",
                "c"));
    assertThat(whys.get(1))
        .isEqualTo(
            "crashed: its JVM ended with code [3]. It said last:\n  these are my last words");
    assertThat(whys.get(3))
        .startsWith("crashed: java.lang.IllegalStateException: no good at ")
        .contains("acme.Mine");
    assertThat(whys.get(4)).isEqualTo("timed out: PT8S. It said last:\n  no end in sight");
    assertThat(whys.get(5))
        .startsWith("crashed: its JVM ended with code [3]")
        .contains("OutOfMemoryError: Java heap space");
    assertThat(whys.get(7)).endsWith("returned [NaN], expected a finite score");
    assertThat(whys.get(8)).endsWith("part [half] is [NaN], expected a finite number");
    assertThat(whys.get(9)).endsWith("returned null, expected a score");
    assertThat(whys.get(10)).startsWith("crashed: ").contains("payload of plug-in wild@3");
    assertThat(whys.get(11)).startsWith("crashed: java.lang.StackOverflowError");
    assertThat(List.of(whys.get(0), whys.get(2), whys.get(6), whys.get(12)))
        .containsOnly("scored 1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker", "in-process"})
  void seesNothingOfTroupeButTheInterface(String isolation) throws IOException {
    Path jar =
        BuiltJar.judging(
            folder,
            "curious",
            """
            ClassLoader own = Mine.class.getClassLoader();
            try {
              Class.forName(completion, false, own);
              return Verdict.score(1);
            } catch (ClassNotFoundException e) {
              return Verdict.score(own.getResource(completion.replace('.', '/') + ".class") == null ? 0 : 2);
            }
            """);
    assertThat(
            whys(
                judge(
                    jar,
                    ",\"isolation\":\"" + isolation + "\"",
                    LONG,
                    "java.net.http.HttpClient",
                    "dev.troupe.plugin.Verifier$Task",
                    "dev.troupe.rollout.verify.Verifiers",
                    "com.google.gson.Gson",
                    "com.google.protobuf.Message")))
        .containsExactly("scored 1.0", "scored 1.0", "scored 0.0", "scored 0.0", "scored 0.0");
  }

  @Test
  void refusesJarsThatDontLoadWithTheReason() throws IOException {
    Path old = BuiltJar.of(folder, "old", "0", "return null;", "", "acme.Mine");
    Path misspelt = BuiltJar.of(folder, "misspelt", "INTERFACE", "return null;", "", "acme.Mien");
    Path unnamed = BuiltJar.of(folder, "unnamed", "INTERFACE", "return null;", "", "");
    Path bad =
        BuiltJar.judging(
            folder,
            "bad",
            "return null;",
            "{ if (true) throw new RuntimeException(\"not today\"); }");
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    Map.of(
            old,
            "built for version [0] of the plug-in interface, this Troupe has version [1]",
            misspelt,
            "Provider acme.Mien not found",
            unnamed,
            "[unnamed.jar] names no verifier in META-INF/services/dev.troupe.plugin.Verifier",
            bad,
            "java.lang.RuntimeException: not today at plug-in bad.jar//acme.Mine",
            text,
            "[text.jar] isn't a jar",
            folder.resolve("none.jar"),
            "expected a jar that can be read")
        .forEach(
            (jar, why) ->
                assertThatThrownBy(() -> verifier(jar, ""))
                    .isInstanceOf(BadSettingsException.class)
                    .hasMessageContaining(jar.getFileName() + "]")
                    .hasMessageContaining(why));
    assertThatThrownBy(() -> verifier(unnamed, ",\"verifier\":\"acme.Other\""))
        .hasMessageContaining("class [acme.Other] of [unnamed.jar] doesn't load");
    try (Verifier byClass = verifier(unnamed, ",\"verifier\":\"acme.Mine\"")) {
      assertThat(byClass.ref().name()).isEqualTo("java");
    }
    assertThatThrownBy(() -> verifier(unnamed, ",\"verifier\":\"acme.Mine\",\"release\":\"2\""))
        .hasMessageContaining("release: got [2], expected [3], which [unnamed.jar] has");
  }
}
