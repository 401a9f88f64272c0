package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.Ledger;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.LedgerException;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Proves a run's books from its files alone, without trusting the code that wrote them: two
 * accounts are made of the journal, the {@link Ledger}'s and a plain {@link Tally} that knows
 * nothing of groups, leases or policies, and they must agree.
 *
 * <ul>
 *   <li>the conservation law holds, in both accounts, with the same numbers;
 *   <li>every trajectory was granted before it was recorded, recorded at most once and scored,
 *       batched only when recorded; batches are numbered without gaps; a trajectory is at most
 *       {@code reuse} times in batches and at most once in one: each (trajectory, update) pair
 *       counts once;
 *   <li>a group is judged by one verifier, the one that was chosen for it; so is a batch where its
 *       scores are compared with each other;
 *   <li>what counts as acknowledged lies within the sealed lengths, intact;
 *   <li>the last commit names a checkpoint that is on disk with the very manifest that was
 *       committed; other checkpoints on disk have the manifest of their commit.
 * </ul>
 *
 * Of segments that were deleted, both accounts take over what the journal's summary says.
 */
public final class Audit {

  /** Something that an audit found. */
  public sealed interface Finding {
    /** For people. */
    String text();

    /** A promise is broken. */
    record Broken(String text) implements Finding {}

    /** Worth knowing, and allowed. */
    record Note(String text) implements Finding {}
  }

  /**
   * The result.
   *
   * @param counts the ledger's; empty if the journal couldn't be read to the end
   * @param events in the journal
   * @param pairs (trajectory, update) pairs in batches, each counted once
   * @param batches cut, those of deleted segments included
   * @param epochs writers that began
   * @param segments read, with the bytes of each that count
   */
  public record Report(
      Optional<LedgerCounts> counts,
      long events,
      long pairs,
      long batches,
      long epochs,
      List<DropCount> drops,
      SortedMap<SegmentName, Long> segments,
      List<Finding> findings) {
    public Report {
      drops = List.copyOf(drops);
      findings = List.copyOf(findings);
    }

    /** Whether every promise holds. */
    public boolean holds() {
      return findings.stream().noneMatch(Finding.Broken.class::isInstance);
    }

    /** The verdict on a few lines, and all that is broken. */
    public List<String> verdict() {
      List<String> lines = new ArrayList<>();
      lines.add(
          holds()
              ? "The books are in order: each of the [%d] trajectories is accounted for, and no update used one twice."
                  .formatted(counts.map(LedgerCounts::granted).orElse(0L))
              : "The books are NOT in order.");
      findings.stream()
          .filter(Finding.Broken.class::isInstance)
          .map(finding -> "  BROKEN   " + finding.text())
          .forEach(lines::add);
      counts.ifPresent(it -> lines.add("  law      " + it.law()));
      return lines;
    }

    /** What the verdict stands on, and what is worth knowing. */
    public List<String> details() {
      List<String> lines = new ArrayList<>();
      lines.add("  batches  [%d] with [%d] (trajectory, update) pairs".formatted(batches, pairs));
      lines.add(
          "  journal  [%d] events of [%d] writers in [%d] segments, [%d] bytes"
              .formatted(
                  events,
                  epochs,
                  segments.size(),
                  segments.values().stream().mapToLong(Long::longValue).sum()));
      for (DropCount drop : drops) {
        lines.add(
            "  dropped  [%d] %s, difficulty [%s], length from [%d]"
                .formatted(drop.count(), drop.reason(), drop.difficulty(), drop.lengthFrom()));
      }
      findings.stream()
          .filter(Finding.Note.class::isInstance)
          .map(finding -> "  note     " + finding.text())
          .forEach(lines::add);
      return lines;
    }

    /** The report as lines for a terminal. */
    public List<String> lines() {
      return Stream.concat(verdict().stream(), details().stream()).toList();
    }
  }

  private final Tally tally = new Tally();
  private final Ledger ledger;
  private final LedgerRules rules;
  private final List<Finding> findings = new ArrayList<>();
  private long events;

  private Audit(LedgerRules rules) {
    this.rules = rules;
    this.ledger = new Ledger(rules);
  }

  /**
   * Audits a run; changes nothing, and may run beside it.
   *
   * @param checkpoints those on disk, with the hashes of their manifests
   */
  public static Report of(
      Path journal, Path epochs, LedgerRules rules, Collection<CheckpointRef> checkpoints)
      throws IOException {
    return new Audit(rules).audit(journal, epochs, checkpoints);
  }

  private Report audit(Path journal, Path epochs, Collection<CheckpointRef> checkpoints)
      throws IOException {
    JournalReader reader;
    try {
      reader = JournalReader.open(journal, epochs);
      reader
          .summary()
          .ifPresent(
              summary -> {
                ledger.startFrom(summary);
                tally.startFrom(summary);
              });
      reader.forEach(this::take);
    } catch (DamagedJournalException e) {
      return new Report(
          Optional.empty(),
          events,
          tally.pairs(),
          tally.batches(),
          tally.epochs(),
          List.of(),
          new TreeMap<>(),
          List.of(new Finding.Broken(String.valueOf(e.getMessage()))));
    }
    compareAccounts();
    compareCheckpoints(checkpoints);
    return new Report(
        Optional.of(ledger.counts()),
        events,
        tally.pairs(),
        tally.batches(),
        tally.epochs(),
        ledger.drops(),
        reader.segments(),
        findings);
  }

  private void take(LedgerEvent event, Location at) {
    events++;
    tally.take(event, rules).ifPresent(flaw -> broken(at, flaw));
    try {
      ledger.apply(event);
    } catch (LedgerException e) {
      broken(at, String.valueOf(e.getMessage()));
    }
  }

  private void compareAccounts() {
    LedgerCounts counts = ledger.counts();
    if (!counts.lawHolds()) {
      findings.add(new Finding.Broken("the conservation law: " + counts.law()));
    }
    LedgerCounts plain = tally.counts(ledger.committedBatch());
    if (!plain.law().equals(counts.law())) {
      findings.add(
          new Finding.Broken(
              "two accounts of the journal differ: the ledger says "
                  + counts.law()
                  + ", plain counting says "
                  + plain.law()));
    }
  }

  private void compareCheckpoints(Collection<CheckpointRef> checkpoints) {
    List<Committed> commits = tally.commits();
    if (!commits.isEmpty()) {
      CheckpointRef last = commits.getLast().checkpoint();
      if (!checkpoints.contains(last)) {
        findings.add(
            new Finding.Broken(
                "the last commit names %s, on disk are %s".formatted(last, checkpoints)));
      }
    }
    for (CheckpointRef checkpoint : checkpoints) {
      Optional<CheckpointRef> committed =
          commits.stream()
              .map(Committed::checkpoint)
              .filter(
                  ref -> ref.update() == checkpoint.update() && ref.epoch() == checkpoint.epoch())
              .reduce((_, later) -> later);
      if (committed.isEmpty()) {
        findings.add(
            new Finding.Note(
                "checkpoint %s is on disk and was never committed: it doesn't count"
                    .formatted(checkpoint)));
      } else if (!committed.get().equals(checkpoint)) {
        findings.add(
            new Finding.Broken(
                "checkpoint %s is on disk, but %s was committed"
                    .formatted(checkpoint, committed.get())));
      }
    }
  }

  private void broken(Location at, String flaw) {
    findings.add(
        new Finding.Broken(
            "%s at byte [%d]: %s".formatted(at.segment().fileName(), at.offset(), flaw)));
  }
}
