package dev.troupe.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.metrics.MetricsRecorder;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PastPointsTest {
  @TempDir Path folder = Path.of("");

  @Test
  void aPictureThatBeginsAnewKnowsTheRunsCurve() throws IOException {
    RunPicture before = new RunPicture("sums", 10, 100, () -> 0);
    try (MetricsRecorder recorder =
        MetricsRecorder.open(folder, Clock.systemUTC(), 1, Measure.ACCURACY)) {
      PretendRun run =
          new PretendRun(
              event -> {
                before.on(event);
                recorder.on(event);
              });
      run.supervised(1, 10, 2.5);
      run.evaluation(RunEvent.Occasion.BEFORE, 0, 0.25);
      run.sample("1+1=", "2", "2", "");
      run.update(1, 1.5, 0.25);
      run.evaluation(RunEvent.Occasion.DURING, 1, 0.75);
      run.evaluation(RunEvent.Occasion.DURING, 2, 0.5);
    }
    Files.writeString(
        folder.resolve("metrics.jsonl"), "{\"step\":13,\"learner/se", StandardOpenOption.APPEND);

    RunPicture after = new RunPicture("sums", 10, 100, () -> 0);
    after.restore(PastPoints.read(folder), 30);

    RunView view = after.view();
    assertThat(view.history()).isEqualTo(before.view().history());
    assertThat(view.accuracyBefore()).hasValue(0.25);
    assertThat(view.accuracy()).hasValue(0.5);
    assertThat(view.best()).hasValue(0.75);
  }
}
