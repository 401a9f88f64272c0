package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must be true of every tiny run that came to its end, whatever happened on the way. */
public final class Finished {
  private Finished() {}

  public static void check(RunFiles run) throws IOException {
    LedgerCounts counts = run.orderlyCounts();
    Audit.Report report = run.audit();
    assertThat(report.batches()).isEqualTo(TinyRecipe.UPDATES);
    assertThat(report.pairs()).isEqualTo(TinyRecipe.UPDATES * TinyRecipe.BATCH);
    assertThat(counts.consumed()).isEqualTo(TinyRecipe.UPDATES * TinyRecipe.BATCH);
    assertThat(counts.leased() + counts.recorded() + counts.batched()).isZero();
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(TinyRecipe.UPDATES);
    eachTrajectoryIsInOneBatch(run.events(BatchCut.class));
    Committed last = run.events(Committed.class).getLast();
    assertThat(last.lastBatch()).isEqualTo(TinyRecipe.UPDATES);
    assertThat(last.checkpoint().update())
        .isEqualTo(TinyRecipe.SUPERVISED_STEPS + TinyRecipe.UPDATES);
    run.checkpoints().open(last.checkpoint());
  }

  private static void eachTrajectoryIsInOneBatch(List<BatchCut> cuts) {
    Map<TrajectoryId, Long> batches = new HashMap<>();
    for (BatchCut cut : cuts) {
      for (TrajectoryId id : cut.ids()) {
        assertThat(batches.put(id, cut.number())).as("earlier batch of %s", id).isNull();
      }
    }
  }
}
