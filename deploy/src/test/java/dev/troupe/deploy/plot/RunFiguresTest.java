package dev.troupe.deploy.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFiguresTest {
  @TempDir Path folder = Path.of("");

  @Test
  void sumsStepsAndCountsSecondsFromTheProcessesBegin() throws IOException {
    Curve byTime = curve(read(CONTROL), "learner/episodeReturn", Axis.TIME);
    Curve bySteps = curve(read(CONTROL), "learner/episodeReturn", Axis.STEPS);

    assertThat(byTime.places()).containsExactly(2, 3);
    assertThat(bySteps.places()).containsExactly(1024, 2048);
    assertThat(bySteps.values()).containsExactly(20, 30);
    assertThat(curve(read(CONTROL), "evaluation/return", Axis.STEPS).places())
        .as("an evaluation belongs to its update, whenever it ends")
        .containsExactly(0, 1024);
  }

  @Test
  void whatAResumedRunMadeAgainCountsOnceAndPausesDoNotCount() throws IOException {
    RunFigures figures =
        read(
            """
            {"time":"2026-01-02T00:00:00Z","process":1}
            {"time":"2026-01-02T00:00:01Z","step":1,"learner/seconds":1,"learner/steps":10,"reward/mean":1}
            {"time":"2026-01-02T00:00:02Z","step":2,"learner/seconds":1,"learner/steps":10,"reward/mean":2}
            {"time":"2026-01-02T00:00:03Z","step":3,"learner/seconds":1,"learner/steps":10,"reward/mean":3}
            {"time":"2026-01-02T00:00:04Z","step":4,"learner/seconds":1,"learner/steps":10,"reward/mean":4}
            {"time":"2026-01-02T09:00:00Z","process":2}
            {"time":"2026-01-02T09:00:05Z","step":2,"learner/seconds":1,"learner/steps":10,"reward/mean":7}
            {"time":"2026-01-02T09:00:06Z","step":3,"learner/seconds":1,"learner/steps":10,"reward/mean":8}
            """);

    Curve curve = curve(figures, "reward/mean", Axis.TIME);
    assertThat(curve.values()).containsExactly(1, 7, 8);
    assertThat(curve.places()).containsExactly(1, 9, 10);
    assertThat(curve(figures, "reward/mean", Axis.STEPS).places()).containsExactly(10, 20, 30);
  }

  @Test
  void tornLinesArePassedOver() throws IOException {
    RunFigures figures = read(CONTROL + "{\"time\":\"2026-01-02T00:00:09Z\",\"step\":3,\"lear");

    assertThat(curve(figures, "learner/episodeReturn", Axis.UPDATES).places())
        .containsExactly(1, 2);
    assertThat(read("{\"time\":\"\n\0\0\0\n[]\n7\n{\"step\":1}\n").names()).isEmpty();
  }

  @Test
  void bytesThatAreNoTextArePassedOver() throws IOException {
    Files.write(
        folder.resolve("metrics.jsonl"),
        (CONTROL + "{\"time\":\"\u00ff\u00fe").getBytes(StandardCharsets.ISO_8859_1));

    assertThat(RunFigures.read(folder, _ -> true).names()).contains("learner/episodeReturn");
  }

  @Test
  void figuresThatNobodyWantsAreOnlyNamed() throws IOException {
    Files.writeString(folder.resolve("metrics.jsonl"), CONTROL);
    RunFigures figures = RunFigures.read(folder, name -> name.equals("evaluation/return"));

    assertThat(figures.names()).contains("learner/episodeReturn");
    assertThat(figures.curve("learner/episodeReturn", Axis.UPDATES)).isEmpty();
    assertThat(figures.curve("evaluation/return", Axis.UPDATES)).isPresent();
  }

  static final String CONTROL =
      """
      {"time":"2026-01-02T00:00:00Z","process":1}
      {"time":"2026-01-02T00:00:01Z","step":0,"evaluation/return":9}
      {"time":"2026-01-02T00:00:02Z","step":1,"learner/seconds":1,"learner/steps":1024,"learner/episodeReturn":20}
      {"time":"2026-01-02T00:00:03Z","step":2,"learner/seconds":1,"learner/steps":1024,"learner/episodeReturn":30}
      {"time":"2026-01-02T00:00:04Z","step":1,"evaluation/return":25}
      """;

  private RunFigures read(String lines) throws IOException {
    Files.writeString(folder.resolve("metrics.jsonl"), lines);
    return RunFigures.read(folder, _ -> true);
  }

  private static Curve curve(RunFigures figures, String name, Axis axis) {
    return figures.curve(name, axis).orElseThrow();
  }
}
