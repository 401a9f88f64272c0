package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.LedgerException;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run's journal over: claims an epoch, seals what older writers left, and folds all that
 * counts into a {@link Replay}. A run without a journal is taken over the same way.
 */
public final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /**
   * What was found.
   *
   * @param claim the epoch that the next writer writes in
   * @param events folded
   * @param segments read
   * @param tornBytes that were cut from the ends of segments, never acknowledged
   */
  public record Report(Epochs.Claim claim, long events, int segments, long tornBytes) {}

  private Recovery() {}

  /**
   * Takes over.
   *
   * @param journal the run's journal directory
   * @param epochs the run's directory of epochs
   * @param owner who takes over, for people
   * @param replay fresh; afterwards {@link Replay#begin} goes on with {@code claim.epoch()}
   * @param sink gets every event too, after the fold
   * @throws FencedException if a newer writer claimed meanwhile, whatever was read
   */
  public static Report takeOver(
      Path journal, Path epochs, String owner, Replay replay, JournalReader.Sink sink) {
    Epochs.Claim claim = new Epochs(epochs, "replay").claim(owner);
    Optional<RuntimeException> failure = Optional.empty();
    Optional<Report> report = Optional.empty();
    try {
      report = Optional.of(read(journal, claim, replay, sink));
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
    if (claim.isFenced()) {
      throw new FencedException(claim, failure);
    }
    return report.orElseThrow(failure::orElseThrow);
  }

  private static Report read(
      Path journal, Epochs.Claim claim, Replay replay, JournalReader.Sink sink) {
    Seals.Accepted accepted = Seals.seal(journal, claim);
    if (accepted.tornBytes() > 0) {
      // Said here: once it is sealed, whoever reads the journal next finds nothing torn.
      LOG.warn(
          "cut [{}] bytes from the journal's end that were never acknowledged",
          accepted.tornBytes());
    }
    AtomicLong events = new AtomicLong();
    JournalReader reader = new JournalReader(journal, accepted.lengths());
    try {
      reader.summary().ifPresent(replay::startFrom);
      reader.forEach(
          (event, at) -> {
            fold(journal, replay, event, at);
            sink.accept(event, at);
            events.incrementAndGet();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("reading the journal in [" + journal + "]", e);
    }
    replay.ledger().check();
    return new Report(claim, events.get(), accepted.lengths().size(), accepted.tornBytes());
  }

  private static void fold(Path journal, Replay replay, LedgerEvent event, Location at) {
    try {
      replay.recover(event);
    } catch (LedgerException e) {
      throw new DamagedJournalException(
          journal.resolve(at.segment().fileName()), at.offset(), String.valueOf(e.getMessage()));
    }
  }
}
