package dev.troupe.deploy.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.protocol.outcome.VerifierRef;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class RemarkTest {
  @Test
  void looksAtTheRunOnlyForEventsThatAreWorthALine() {
    Supplier<RunView> views =
        () -> {
          throw new AssertionError("the run was looked at");
        };

    assertThat(Remark.of(new RunEvent.LedgerCounted(LedgerTotals.none()), views)).isEmpty();
    assertThat(Remark.of(new RunEvent.ActorRestarted("replay", "it failed"), views))
        .get()
        .extracting(Remark::text)
        .isEqualTo("restarted replay: it failed");
    assertThat(
            Remark.of(
                new RunEvent.VerifierSwapped(
                    new VerifierRef("exact", "1", "00"),
                    new VerifierRef("mine", "2", "0123456789"),
                    40,
                    1),
                views))
        .get()
        .extracting(Remark::text)
        .isEqualTo("groups from 40 on are judged by mine@2 01234567 (before: exact@1 00)");
    assertThat(Remark.of(new RunEvent.NodeLost("b"), views))
        .get()
        .extracting(Remark::text)
        .isEqualTo("node b left or was lost: what it held is granted to others");
  }
}
