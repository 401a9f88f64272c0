package dev.troupe.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.protocol.ledger.DropReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class SummaryFileTest {
  @Test
  void hasExactlyTheKeysThatProgramsReadAndTheLedger() {
    LedgerTotals ledger = new LedgerTotals(30, 1, 2, 3, 20, Map.of(DropReason.NODE_LOST, 4L), 5);
    RunSummary summary =
        new RunSummary(
            "sums",
            "the updates are made",
            false,
            OptionalDouble.of(0.5),
            OptionalDouble.empty(),
            10,
            1,
            20,
            60.5,
            1_000,
            2_000,
            0.1,
            0.2,
            1.5,
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            ledger,
            List.of());

    JsonObject json = JsonParser.parseString(SummaryFile.json(summary)).getAsJsonObject();

    assertThat(json.keySet())
        .containsExactly(
            "accuracyBefore",
            "accuracyAfter",
            "updates",
            "trajectories",
            "wallSeconds",
            "samplingTokensPerSecond",
            "learningTokensPerSecond",
            "samplingIdleShare",
            "learningIdleShare",
            "ledger");
    assertThat(json.get("accuracyAfter").isJsonNull()).isTrue();
    assertThat(json.get("ledger"))
        .hasToString(
            "{\"granted\":30,\"leased\":1,\"recorded\":2,\"batched\":3,\"consumed\":20,"
                + "\"dropped\":4,\"duplicates\":5,\"droppedByReason\":{\"node-lost\":4}}");
    assertThat(EndReport.lines(ledger))
        .first()
        .asString()
        .isEqualTo(
            "30 granted = 1 leased + 2 recorded + 3 batched + 20 consumed + 4 dropped:"
                + " the law holds");
  }
}
