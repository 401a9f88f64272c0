package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RewardCommandTest {
  @TempDir Path folder = Path.of("");

  private final Typed typed = new Typed();

  @Test
  void listsEveryVerifierAndWhatTheSettingsOfOneMean() {
    assertThat(typed.run("reward", "list")).isZero();
    assertThat(typed.said()).contains(Verifiers.kinds().stream().map(VerifierKind::name).toList());
    assertThat(typed.run("reward", "list", "squad")).isZero();
    assertThat(typed.said()).contains("squad@1", "score = f1", "The score: f1, or exact.");
    assertThat(typed.run("reward", "list", "squat")).isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("did you mean [squad]?");
  }

  @Test
  void everyVerifierIsDocumented() throws IOException {
    String documented = Files.readString(Path.of("..", "docs", "rewards.md"));
    for (VerifierKind<?> kind : Verifiers.kinds()) {
      assertThat(documented)
          .containsPattern("(?m)^## .*\\b" + kind.name() + "\\b|^\\| `" + kind.name());
    }
  }

  @Test
  void triesAVerifierOnAFileAndComparesItWithAnotherAndWithKnownScores() throws IOException {
    Path file =
        write(
            """
            {"prompt": "1+1", "expected": "2", "completion": "It is 2.", "score": 1}
            {"question": "2+2", "answer": "4", "response": "5", "score": 1}

            {"gold": "6", "text": "6", "score": true}
            """);

    assertThat(typed.run("reward", "test", "gsm8k", "--on", file.toString(), "--against", "exact"))
        .as(typed.complained())
        .isZero();

    assertThat(typed.said())
        .contains("gsm8k@1 on 3 answers")
        .containsPattern("0 +1 +33")
        .containsPattern("1 +2 +6")
        .contains("agrees with the file's scores on 2 of 3 rows")
        .contains("tasks.jsonl:2")
        .contains("agrees with exact on 2 of 3 rows")
        .contains("It is 2.");
  }

  @Test
  void answersWithoutAScoreAreSaidAndGiveTheExitCode() throws IOException {
    Path file = write("{\"completion\": \"5\"}\n{\"expected\": \"5\", \"completion\": \"5\"}\n");

    assertThat(typed.run("reward", "test", "gsm8k", "--on", file.toString()))
        .isEqualTo(ExitCode.FAILED);

    assertThat(typed.said())
        .contains("tasks.jsonl:1: invalid: [gsm8k] on task [1]: the task has no reference answer");
  }

  @Test
  void settingsAndFieldsAreAsInRecipes() throws IOException {
    Path file = write("{\"gold\": \"5\", \"said\": \"so 5 it is\", \"tokens\": [1, 2, 3]}\n");
    String on = file.toString();

    assertThat(
            typed.run(
                "reward",
                "test",
                "length",
                "--on",
                on,
                "--completion",
                "said",
                "--settings",
                "max = 4"))
        .as(typed.complained())
        .isZero();
    assertThat(typed.said()).contains("mean score  0.5000");
    assertThat(
            typed.run(
                "reward",
                "test",
                "length",
                "--on",
                on,
                "--completion",
                "said",
                "--settings",
                "m=4"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("m: got [an unknown setting]", "nearest: max");
    assertThat(typed.run("reward", "test", "gsm8k", "--on", on)).isEqualTo(ExitCode.REFUSED);
    assertThat(typed.complained()).contains("tasks.jsonl:1: this line has none of the fields");
    assertThat(typed.run("reward", "test", "gsm8k", "--on", "none.jsonl"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(typed.run("reward", "test", "gsm8k")).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void settingsMayStandInAFileWithCodeBesideIt() throws IOException {
    Path file = write("{\"expected\": \"5\", \"completion\": \"5\"}\n");
    Files.writeString(folder.resolve("half.py"), "def verify(task, completion): return 0.5\n");
    Path settings = Files.writeString(folder.resolve("half.conf"), "file = half.py, workers = 1\n");

    assertThat(
            typed.run(
                "reward",
                "test",
                "python",
                "--on",
                file.toString(),
                "--settings",
                settings.toString()))
        .as(typed.complained())
        .isZero();

    assertThat(typed.said()).contains("mean score  0.5000");
  }

  private Path write(String lines) throws IOException {
    return Files.writeString(folder.resolve("tasks.jsonl"), lines);
  }
}
