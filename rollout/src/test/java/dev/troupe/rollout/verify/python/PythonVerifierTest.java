package dev.troupe.rollout.verify.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Attempts;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions that judge, and functions that do everything else. */
@Timeout(120)
class PythonVerifierTest {
  private static final Map<String, String> HERE = System.getenv();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir private Path folder;

  private PythonSettings settings(String source, String rest) throws IOException {
    Path file = folder.resolve("my_reward.py");
    Files.writeString(file, source);
    String text = "{\"file\":\"" + file + "\",\"workers\":1" + rest + "}";
    return Settings.bind(PythonSettings.class, JsonText.parse(text).getAsJsonObject());
  }

  private List<Outcome> judge(String source, Duration limit, String... answers) throws IOException {
    return judge(source, "", limit, answers);
  }

  private List<Outcome> judge(String source, String rest, Duration limit, String... answers)
      throws IOException {
    try (PythonVerifier verifier = new PythonVerifier(settings(source, rest), HERE)) {
      List<Attempt> attempts =
          Stream.of(answers).map(answer -> Attempts.attempt("7", answer)).toList();
      return verifier.judgeAll(attempts, limit);
    }
  }

  /** Whether there is no Python at all; then every verdict says so. */
  private boolean hasNoPython() throws IOException {
    if (Python.find(HERE).isPresent()) {
      return false;
    }
    assertThat(judge("def verify(task, completion): return 1", LONG, "7"))
        .first()
        .satisfies(outcome -> assertThat(why(outcome)).contains("there is no python3"));
    return true;
  }

  private static String why(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Scored scored -> "scored " + scored.value();
      case Outcome.Invalid(String why) -> "invalid: " + why;
      case Outcome.TimedOut(Duration limit, String said) -> "timed out: " + limit + said;
      case Outcome.Crashed(String error) -> "crashed: " + error;
    };
  }

  private static List<String> whys(List<Outcome> outcomes) {
    return outcomes.stream().map(PythonVerifierTest::why).toList();
  }

  private static Outcome.Scored parts(double score) {
    return new Outcome.Scored(score, List.of(new Outcome.Part("half", 0.5)), Optional.empty());
  }

  @Test
  void scoresWhatAFunctionReturns() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        class Verdict:
            def __init__(self, score, parts):
                self.score, self.parts = score, parts

        def verify(task, completion):
            if completion == "dict":
                return {"score": 2, "parts": {"half": 0.5}}
            if completion == "object":
                return Verdict(3, {"half": 0.5})
            if completion == "task":
                return len(task["prompt"]) + task["finished"] + int(task["expected"]) * 10
            return completion == task["expected"]
        """;
    assertThat(judge(source, LONG, "7", "8", "dict", "object", "task"))
        .containsExactly(
            new Outcome.Scored(1),
            new Outcome.Scored(0),
            parts(2),
            parts(3),
            new Outcome.Scored(71));
  }

  @Test
  void takesAsyncFunctionsAndThoseOfLists() throws IOException {
    if (hasNoPython()) {
      return;
    }
    List<Outcome> expected = List.of(new Outcome.Scored(1), new Outcome.Scored(2));
    String async =
        """
        import asyncio
        met = asyncio.Event()

        async def verify(task, completion):
            # Each waits for the other: they run at the same time.
            if completion == "1":
                await met.wait()
            met.set()
            return float(completion)
        """;
    assertThat(judge(async, LONG, "1", "2")).isEqualTo(expected);
    String lists = "def verify_batch(tasks, completions): return map(int, completions)";
    assertThat(judge(lists, LONG, "1", "2")).isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNoScore() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        def verify(task, completion):
            return {"nan": float("nan"), "text": "1.0", "part": {"score": 1, "parts": {"a": "b"}},
                    "no score": {"value": 1}}.get(completion)
        """;
    assertThat(whys(judge(source, LONG, "nan", "text", "none", "part", "no score")))
        .containsExactly(
            "invalid: returned [nan] (float), expected a finite number",
            "invalid: returned ['1.0'] (str), expected a number",
            "invalid: returned [None] (NoneType), expected a number",
            "invalid: part [a] is ['b'] (str), expected a number",
            "invalid: returned [{'value': 1}] (dict), expected a dict with a score");
    assertThat(whys(judge("def verify_batch(tasks, completions): return [1]", LONG, "a", "b")))
        .containsExactly(
            "invalid: returned [1] results for [2] answers",
            "invalid: returned [1] results for [2] answers");
  }

  @Test
  void blamesOnlyTheAnswerThatThrowsHangsOrEndsTheProcess() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        import os, sys, time

        def verify(task, completion):
            if completion == "throws":
                raise ValueError("no good")
            if completion == "exits":
                print("these are my last words", file=sys.stderr, flush=True)
                os._exit(3)
            while completion == "hangs":
                print("no end in sight", flush=True)
                time.sleep(5)
            return 1
        """;
    assertThat(
            whys(judge(source, Duration.ofSeconds(3), "a", "exits", "b", "hangs", "throws", "c")))
        .containsExactly(
            "scored 1.0",
            "crashed: its Python ended with code [3]. It said last:\n  these are my last words",
            "scored 1.0",
            "timed out: PT3S. It said last:\n  no end in sight",
            "crashed: ValueError: no good (my_reward.py, line 5)",
            "scored 1.0");
  }

  @Test
  void asksEachAloneWhereAListEndsTheProcess() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        import os

        def verify_batch(tasks, completions):
            if "exits" in completions:
                os._exit(3)
            return [1 for _ in completions]
        """;
    assertThat(whys(judge(source, LONG, "a", "exits", "b")))
        .containsExactly("scored 1.0", "crashed: its Python ended with code [3]", "scored 1.0");
  }

  @Test
  void doesNotWaitForAProcessThatReadsNoMore() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        import os, signal, threading

        def verify(task, completion):
            if completion == "stop":
                threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGSTOP)).start()
            return 1
        """;
    try (PythonVerifier verifier = new PythonVerifier(settings(source, ""), HERE)) {
      assertThat(verifier.judgeAll(List.of(Attempts.attempt("7", "stop")), LONG))
          .containsExactly(new Outcome.Scored(1));
      Attempt large = Attempts.attempt("7", "x".repeat(1 << 22));
      // Until the signal comes it still judges.
      assertThat(
              Stream.generate(() -> whys(verifier.judgeAll(List.of(large), SHORT)))
                  .anyMatch(List.of("timed out: PT1S")::equals))
          .isTrue();
      assertThat(verifier.judgeAll(List.of(large), LONG)).containsExactly(new Outcome.Scored(1));
    }
  }

  @Test
  void survivesFloodsAndLeaks() throws IOException {
    if (hasNoPython()) {
      return;
    }
    String source =
        """
        import os
        kept = []

        def verify(task, completion):
            for _ in range(500 if completion == "floods" else 0):
                os.write(1, b"x" * 65535 + b"\\n")
                os.write(2, b"y" * 65535 + b"\\n")
            if completion == "leaks":
                while True:
                    kept.append(bytearray(1 << 24))
            return 1
        """;
    List<String> whys = whys(judge(source, ",\"memory\":512", LONG, "a", "floods", "leaks", "b"));
    assertThat(whys.get(2)).startsWith("crashed: MemoryError").hasSizeLessThan(6_000);
    assertThat(List.of(whys.get(0), whys.get(1), whys.get(3))).containsOnly("scored 1.0");
  }

  @Test
  void saysBeforeARunWhatIsWrongWithTheFile() throws IOException {
    if (hasNoPython()) {
      return;
    }
    for (Map.Entry<String, String> each :
        Map.of(
                "def verify(task, completion):\n  return 1 +\n",
                "SyntaxError: invalid syntax (my_reward.py, line 2)",
                "def other(task, completion): return 1",
                "my_reward.py has no function verify(task, completion)",
                "\nimport no_such_package\n",
                "No module named 'no_such_package' (my_reward.py, line 2)")
            .entrySet()) {
      try (PythonVerifier verifier = new PythonVerifier(settings(each.getKey(), ""), HERE)) {
        assertThatThrownBy(verifier::check)
            .isInstanceOf(BadSettingsException.class)
            .hasMessageContaining("my_reward.py], expected Python that defines verify")
            .hasMessageContaining(each.getValue());
      }
    }
  }

  @Test
  void keepsTheFilesTextWithTheSettings() throws IOException {
    Path file = folder.resolve("my_reward.py");
    Files.writeString(file, "def verify(task, completion): return 1");
    JsonObject written = new JsonObject();
    written.addProperty("file", file.toString());
    String resolved = Verifiers.resolve("python", "1", written);
    Files.writeString(file, "def verify(task, completion): return 0");
    assertThat(resolved).contains("completion): return 1");
    assertThat(Verifiers.resolve("python", "1", written)).contains("completion): return 0");
    Files.delete(file);
    assertThatThrownBy(() -> Verifiers.resolve("python", "1", written))
        .hasMessageContaining("my_reward.py], expected a file of Python that can be read");
  }
}
