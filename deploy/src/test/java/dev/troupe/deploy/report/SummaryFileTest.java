package dev.troupe.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ThreadKind;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.protocol.ledger.DropReason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SummaryFileTest {
  private static final LedgerTotals LEDGER =
      new LedgerTotals(30, 1, 2, 3, 20, Map.of(DropReason.NODE_LOST, 4L), 5);
  private static final Summary SUMMARY =
      new Summary(
          "sums",
          "the updates are made",
          false,
          OptionalDouble.of(0.5),
          OptionalDouble.empty(),
          OptionalDouble.of(0.75),
          OptionalLong.of(460),
          OptionalLong.empty(),
          10,
          1,
          20,
          1.5,
          2,
          60,
          1_000,
          2_000,
          0.1,
          0.2,
          LEDGER,
          List.of(new RunView.Sample("1+1=", "2", "2", "1", true, 460)),
          Measure.ACCURACY);

  private static final ProcessorTimes PROCESSOR =
      new ProcessorTimes(Map.of(ThreadKind.JOURNAL, 0.5));

  @TempDir Path directory;

  @Test
  void hasExactlyTheKeysThatProgramsReadAndTheLedger() {
    JsonObject json =
        JsonParser.parseString(SummaryFile.json(SUMMARY, PROCESSOR)).getAsJsonObject();

    assertThat(json.keySet())
        .containsExactly(
            "name",
            "ended",
            "resumable",
            "accuracyBefore",
            "accuracyAfter",
            "bestAccuracy",
            "bestStep",
            "lastCheckpoint",
            "updates",
            "skippedUpdates",
            "trajectories",
            "meanPolicyLag",
            "processes",
            "wallSeconds",
            "samplingTokensPerSecond",
            "learningTokensPerSecond",
            "samplingIdleShare",
            "learningIdleShare",
            "processorSeconds",
            "ledger",
            "answers");
    assertThat(json.getAsJsonObject("processorSeconds").get("journal").getAsDouble())
        .isEqualTo(0.5);
    assertThat(json.get("accuracyAfter").isJsonNull()).isTrue();
    assertThat(json.get("ledger"))
        .hasToString(
            "{\"granted\":30,\"leased\":1,\"recorded\":2,\"batched\":3,\"consumed\":20,"
                + "\"dropped\":4,\"duplicates\":5,\"droppedByReason\":{\"node-lost\":4}}");
  }

  @Test
  void everyKeyIsDocumented() throws Exception {
    String page = Files.readString(Path.of("../docs/metrics.md"));
    JsonObject json =
        JsonParser.parseString(SummaryFile.json(SUMMARY, PROCESSOR)).getAsJsonObject();

    assertThat(json.keySet()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
  }

  @Test
  void isReadAsItWasWritten() throws Exception {
    Path file = directory.resolve("summary.json");
    SummaryFile.write(file, SUMMARY);

    assertThat(SummaryFile.read(file)).contains(SUMMARY);
    Files.writeString(file, "{\"updates\": 3}");
    assertThat(SummaryFile.read(file)).isEmpty();
    assertThat(SummaryFile.read(directory.resolve("none"))).isEmpty();
  }

  @Test
  void theReportSaysInHowManyProcessesARunWasMade() {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    assertThat(new EndReport(new Console(out, out, false, false)).figures(SUMMARY))
        .containsExactly(
            "accuracy    50.0% before, not measured after reinforcement learning (best 75.0%)",
            "updates     10 (1 skipped) from 20 trajectories, mean policy lag 1.50",
            "sampling    1000 tokens/s, idle 10.0%",
            "learning    2000 tokens/s, idle 20.0%",
            "time        1 min 00 s, in 2 processes");
    assertThat(EndReport.lines(LEDGER))
        .first()
        .asString()
        .isEqualTo(
            "30 granted = 1 leased + 2 recorded + 3 batched + 20 consumed + 4 dropped:"
                + " the law holds");
  }
}
