package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plain counting of a journal's events, by trajectory: the audit's second account. */
final class Tally {
  private final Set<TrajectoryId> granted = new HashSet<>();
  private final Set<TrajectoryId> recorded = new HashSet<>();
  private final Map<TrajectoryId, DropReason> dropped = new HashMap<>();
  private final Map<TrajectoryId, List<Long>> batchesOf = new HashMap<>();
  private final List<Committed> commits = new ArrayList<>();
  private Optional<LedgerEvent.Summarised> summary = Optional.empty();
  private long batches;
  private long pairs;
  private long epochs;
  private final VerifierTally verifiers = new VerifierTally();

  /** Takes over what a summary says of the groups it closes. */
  void startFrom(LedgerEvent.Summarised it) {
    summary = Optional.of(it);
    batches = it.oldestKeptBatch();
    pairs = it.updates();
    commits.addAll(it.commits());
    it.verifiers().forEach(verifiers::chosen);
  }

  private boolean isSummarised(LedgerEvent event) {
    if (summary.isEmpty()) {
      return false;
    }
    LedgerEvent.Summarised from = summary.get();
    return switch (event) {
      case LedgerEvent.Granted it -> isClosed(from, it.lease().group().number());
      case LedgerEvent.Recorded it -> isClosed(from, it.trajectory().trajectory().id().group());
      case LedgerEvent.Dropped it -> isClosed(from, it.id().group());
      case LedgerEvent.Committed it -> it.lastBatch() <= from.oldestKeptBatch();
      case LedgerEvent.BatchCut _,
          LedgerEvent.Updated _,
          LedgerEvent.EpochBegan _,
          LedgerEvent.IncarnationBegan _,
          LedgerEvent.VerifierChosen _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ ->
          false;
    };
  }

  private static boolean isClosed(LedgerEvent.Summarised summary, long group) {
    return summary.closed().stream()
        .anyMatch(range -> range.first() <= group && group <= range.last());
  }

  /** Counts one event; says what is wrong with it. */
  Optional<String> take(LedgerEvent event, LedgerRules rules) {
    if (isSummarised(event)) {
      return Optional.empty();
    }
    return switch (event) {
      case LedgerEvent.EpochBegan _ -> {
        epochs++;
        yield Optional.empty();
      }
      case LedgerEvent.Granted grant -> {
        for (int member : grant.lease().members().toArray()) {
          granted.add(new TrajectoryId(grant.lease().group().number(), member));
        }
        yield verifiers.granted(grant.lease().group());
      }
      case LedgerEvent.Recorded it -> record(it);
      case LedgerEvent.Dropped drop -> {
        boolean fresh = dropped.put(drop.id(), drop.reason()) == null;
        yield fresh && granted.contains(drop.id())
            ? Optional.empty()
            : Optional.of(
                "trajectory [%s] was dropped twice or never granted".formatted(drop.id()));
      }
      case LedgerEvent.BatchCut cut -> cut(cut, rules);
      case LedgerEvent.VerifierChosen chosen -> {
        if (summary.isEmpty() || !summary.get().verifiers().contains(chosen)) {
          verifiers.chosen(chosen);
        }
        yield Optional.empty();
      }
      case LedgerEvent.Committed commit -> {
        commits.add(commit);
        yield commit.lastBatch() <= batches
            ? Optional.empty()
            : Optional.of(
                "batch [%d] was committed before it was cut".formatted(commit.lastBatch()));
      }
      case LedgerEvent.Updated _,
          LedgerEvent.IncarnationBegan _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ ->
          Optional.empty();
    };
  }

  private Optional<String> record(LedgerEvent.Recorded event) {
    TrajectoryId id = event.trajectory().trajectory().id();
    if (!granted.contains(id) || dropped.containsKey(id)) {
      return Optional.of("trajectory [%s] was recorded, but isn't out".formatted(id));
    }
    if (!(event.trajectory().outcome() instanceof Outcome.Scored)) {
      return Optional.of("trajectory [%s] was recorded without a score".formatted(id));
    }
    return recorded.add(id)
        ? verifiers.judged(id.group(), event.trajectory().verifier())
        : Optional.of("trajectory [%s] was recorded twice".formatted(id));
  }

  private Optional<String> cut(LedgerEvent.BatchCut cut, LedgerRules rules) {
    if (summary.isPresent() && cut.number() <= summary.get().oldestKeptBatch()) {
      for (TrajectoryId id : cut.ids()) {
        if (recorded.contains(id)) {
          batchesOf.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(cut.number());
        }
      }
      return Optional.empty();
    }
    batches++;
    List<String> flaws = new ArrayList<>();
    if (cut.number() != batches) {
      flaws.add("batch [%d] is the [%d]th that was cut".formatted(cut.number(), batches));
    }
    for (TrajectoryId id : cut.ids()) {
      List<Long> uses = batchesOf.computeIfAbsent(id, _ -> new ArrayList<>(1));
      if (!recorded.contains(id) || dropped.containsKey(id)) {
        flaws.add(
            "batch [%d] names trajectory [%s], which isn't recorded".formatted(cut.number(), id));
      }
      if (uses.contains(cut.number()) || uses.size() >= rules.reuse()) {
        flaws.add(
            "trajectory [%s] in batch [%d] was used in %s; the recipe allows [%d] uses"
                .formatted(id, cut.number(), uses, rules.reuse()));
      }
      uses.add(cut.number());
      pairs++;
    }
    if (rules.oneVerifierABatch()) {
      verifiers.mixed(cut).ifPresent(flaws::add);
    }
    return flaws.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", flaws));
  }

  /** The law's terms, if the checkpoints contain the batches up to {@code committed}. */
  LedgerCounts counts(long committed) {
    long consumed = summary.map(LedgerEvent.Summarised::consumed).orElse(0L);
    long batched = 0;
    long updates = summary.map(LedgerEvent.Summarised::updates).orElse(0L);
    long forgotten = summary.map(LedgerEvent.Summarised::oldestKeptBatch).orElse(0L);
    for (Map.Entry<TrajectoryId, List<Long>> uses : batchesOf.entrySet()) {
      updates +=
          uses.getValue().stream().filter(batch -> batch > forgotten && batch <= committed).count();
      if (!dropped.containsKey(uses.getKey())) {
        boolean settled = uses.getValue().stream().allMatch(batch -> batch <= committed);
        consumed += settled ? 1 : 0;
        batched += settled ? 0 : 1;
      }
    }
    long waiting =
        recorded.stream()
            .filter(id -> !dropped.containsKey(id) && !batchesOf.containsKey(id))
            .count();
    long leased =
        granted.stream().filter(id -> !recorded.contains(id) && !dropped.containsKey(id)).count();
    Map<DropReason, Long> reasons = new EnumMap<>(DropReason.class);
    dropped.values().forEach(reason -> reasons.merge(reason, 1L, Long::sum));
    summary.ifPresent(
        it -> it.drops().forEach(row -> reasons.merge(row.reason(), row.count(), Long::sum)));
    long all = granted.size() + summary.map(LedgerEvent.Summarised::granted).orElse(0L);
    return new LedgerCounts(all, leased, waiting, batched, consumed, reasons, updates);
  }

  long pairs() {
    return pairs;
  }

  long batches() {
    return batches;
  }

  long epochs() {
    return epochs;
  }

  List<Committed> commits() {
    return List.copyOf(commits);
  }
}
