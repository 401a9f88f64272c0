package dev.troupe.deploy.history;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.ledger.Ledger;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Where a run stands, by its files; works beside the run itself.
 *
 * @param holder the process that works on it now, in its own words
 * @param ended why it ended; empty where it goes on or was interrupted
 * @param epochs writers of the journal so far: how often it was begun or resumed
 * @param newest version of the policy that the journal knows
 * @param committed update of the last checkpoint that counts
 */
public record RunState(
    Optional<String> holder,
    Optional<String> ended,
    int epochs,
    Optional<PolicyVersion> newest,
    Optional<Long> committed,
    long trainedBatches,
    LedgerTotals ledger,
    List<CheckpointRef> checkpoints) {
  private static final String LOCK = "run.lock";

  public RunState {
    checkpoints = List.copyOf(checkpoints);
  }

  /** Reads the journal from its beginning. */
  public static RunState read(RunDirectory directory, RunSpecification run) throws IOException {
    Ledger ledger = new Ledger(LedgerRules.of(run));
    String[] ended = {""};
    JournalReader.open(directory.journal(), directory.epochs())
        .forEach(
            (event, _) -> {
              ledger.apply(event);
              switch (event) {
                case LedgerEvent.RunEnded(String why) -> ended[0] = why;
                case LedgerEvent.EpochBegan _ -> ended[0] = "";
                case LedgerEvent.Granted _,
                    LedgerEvent.Recorded _,
                    LedgerEvent.Dropped _,
                    LedgerEvent.BatchCut _,
                    LedgerEvent.Updated _,
                    LedgerEvent.IncarnationBegan _,
                    LedgerEvent.VerifierChosen _,
                    LedgerEvent.Committed _,
                    LedgerEvent.Summarised _ -> {}
              }
            });
    return new RunState(
        holder(directory.root().resolve(LOCK)),
        Optional.of(ended[0]).filter(why -> !why.isEmpty()),
        ledger.epoch(),
        ledger.newest(),
        ledger.commits().stream()
            .reduce((_, last) -> last)
            .map(commit -> commit.checkpoint().update()),
        ledger.trainedBatch(),
        LedgerTotals.of(ledger.counts(), 0),
        new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE).list());
  }

  /**
   * Why nothing is left to do for the run in {@code directory}: it ended, and what the recipe wants
   * of it holds.
   *
   * @param before the recipe that it ended by
   * @param now the one that it would go on by
   */
  public Optional<String> finished(
      RunDirectory directory, RunSpecification before, RunSpecification now) {
    return before.stop().equals(now.stop())
        ? ended
        : ended.flatMap(
            _ -> StopConditions.met(directory, now.stop(), trainedBatches, ledger.consumed()));
  }

  /** Whoever holds the lock of the directory; the file alone says nothing. */
  private static Optional<String> holder(Path file) throws IOException {
    if (!Files.isWritable(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null
          ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    }
  }
}
