package dev.troupe.deploy.history;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.ledger.ProcessorKind;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a journal has that a replay can prove.
 *
 * @param processors that the run's learners computed with, in order
 * @param summarised whether old segments were deleted
 * @param steps that the journal names the weights of
 * @param lastStep number of the last step that it leads to
 * @param committed checkpoints that count
 */
public record Provable(
    List<ProcessorKind> processors,
    boolean summarised,
    long steps,
    long lastStep,
    Set<CheckpointRef> committed) {
  public Provable {
    processors = List.copyOf(processors);
    committed = Set.copyOf(committed);
  }

  /** Reads the journal from its beginning. */
  public static Provable read(RunDirectory directory) throws IOException {
    Reading reading = new Reading();
    JournalReader.open(directory.journal(), directory.epochs())
        .forEach((event, _) -> reading.take(event));
    return new Provable(
        List.copyOf(reading.processors),
        reading.summarised,
        reading.steps,
        reading.lastStep,
        reading.committed);
  }

  private static final class Reading {
    private final Set<ProcessorKind> processors = new LinkedHashSet<>();
    private final Set<CheckpointRef> committed = new LinkedHashSet<>();
    private boolean summarised;
    private long steps;
    private long lastStep;

    void take(LedgerEvent event) {
      switch (event) {
        case IncarnationBegan began -> processors.add(began.processor());
        case Updated(var version, _, _, _) -> {
          steps++;
          lastStep = Math.max(lastStep, version.update());
        }
        case Committed(var checkpoint, _, _) -> {
          committed.add(checkpoint);
          lastStep = Math.max(lastStep, checkpoint.update());
        }
        case LedgerEvent.Summarised summary -> {
          summarised = true;
          summary.incarnations().forEach(this::take);
          summary.commits().forEach(this::take);
        }
        case LedgerEvent.EpochBegan _,
            LedgerEvent.Granted _,
            LedgerEvent.Recorded _,
            LedgerEvent.Dropped _,
            LedgerEvent.BatchCut _,
            LedgerEvent.VerifierChosen _,
            LedgerEvent.RunEnded _ -> {}
      }
    }
  }

  /**
   * Why the last bits of what {@code here} computes may differ from the run's; empty if they can't.
   */
  public List<String> differences(ProcessorKind here) {
    return processors.stream().flatMap(was -> was.differences(here).stream()).distinct().toList();
  }
}
