package dev.troupe.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ThreadKind;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsRecorderTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @TempDir Path folder = Path.of("");

  @Test
  void writesALineForEachStepUpdateAndEvaluation() throws IOException {
    try (MetricsRecorder recorder =
        MetricsRecorder.open(
            folder,
            CLOCK,
            1,
            Measure.ACCURACY,
            () -> new ProcessorTimes(Map.of(ThreadKind.DISPATCHING, 1.5)))) {
      recorder.on(new RunEvent.SupervisedStep(1, 10, 640, 0.5, Map.of("loss", 2.5)));
      recorder.on(
          new RunEvent.LedgerCounted(
              new LedgerTotals(20, 8, 4, 2, 5, Map.of(DropReason.NODE_LOST, 1L), 3)));
      recorder.on(
          new RunEvent.VerifierSwapped(
              new VerifierRef("exact", "1", "a"), new VerifierRef("mine", "2", "b"), 40, 1));
      recorder.on(
          new RunEvent.UpdateMade(
              new PolicyVersion(1, 11, 0, "h"),
              1,
              1,
              false,
              100,
              0.25,
              Map.of("loss", Double.NaN),
              new RunEvent.Rates(1000, 500, 0.25, 0.125)));
      recorder.on(
          new RunEvent.EvaluationEnded(
              RunEvent.Occasion.DURING,
              new PolicyVersion(1, 11, 0, "h"),
              0.75,
              0,
              true,
              List.of()));
    }

    assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
        .containsExactly(
            "{\"time\":\"2026-01-02T03:04:05Z\",\"process\":1}",
            "{\"time\":\"2026-01-02T03:04:05Z\",\"step\":1,\"sft/loss\":2.5,\"sft/seconds\":0.5,"
                + "\"sft/tokens\":640.0}",
            "{\"time\":\"2026-01-02T03:04:05Z\",\"step\":11,\"drops/nodeLost\":1.0,"
                + "\"learner/seconds\":0.25,\"learner/skipped\":0.0,\"learner/tokens\":100.0,"
                + "\"learning/idleShare\":0.125,\"learning/tokensPerSecond\":500.0,"
                + "\"ledger/batched\":2.0,\"ledger/consumed\":5.0,\"ledger/dropped\":1.0,"
                + "\"ledger/duplicates\":3.0,\"ledger/granted\":20.0,\"ledger/leased\":8.0,"
                + "\"ledger/recorded\":4.0,\"processor/dispatchingSeconds\":1.5,\"reward/swaps\":1.0,\"sampling/idleShare\":0.25,"
                + "\"sampling/tokensPerSecond\":1000.0}",
            "{\"time\":\"2026-01-02T03:04:05Z\",\"step\":11,\"evaluation/accuracy\":0.75,"
                + "\"evaluation/failed\":0.0}");
  }
}
