package dev.troupe.actors.journal;

import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who judges which group, counted plainly: no group mixes verifiers, and each has the right one.
 */
final class VerifierTally {
  private final Map<Long, VerifierRef> byGroup = new HashMap<>();

  /** So that a long journal doesn't keep a copy for every group. */
  private final Map<VerifierRef, VerifierRef> known = new HashMap<>();

  private final TreeMap<Long, VerifierRef> fromGroup = new TreeMap<>();

  void chosen(LedgerEvent.VerifierChosen chosen) {
    fromGroup.put(chosen.firstGroup(), chosen.verifier().ref());
  }

  /** What is wrong with this grant. */
  Optional<String> granted(Group group) {
    VerifierRef its = known.computeIfAbsent(group.verifier(), ref -> ref);
    VerifierRef before = byGroup.putIfAbsent(group.number(), its);
    if (before != null) {
      return judged(group.number(), its);
    }
    return Optional.ofNullable(fromGroup.floorEntry(group.number()))
        .filter(entry -> !entry.getValue().equals(its))
        .map(
            entry ->
                "group [%d] is judged by [%s], but [%s] was chosen for groups from [%d] on"
                    .formatted(
                        group.number(), its.words(), entry.getValue().words(), entry.getKey()));
  }

  /** What is wrong with this verdict. */
  Optional<String> judged(long group, VerifierRef verifier) {
    VerifierRef its = byGroup.get(group);
    return its == null || its.equals(verifier)
        ? Optional.empty()
        : Optional.of(
            "group [%d] mixes verifiers: [%s] and [%s]"
                .formatted(group, its.words(), verifier.words()));
  }

  /** What is wrong with a batch that should have one verifier. */
  Optional<String> mixed(LedgerEvent.BatchCut cut) {
    Set<String> all = new LinkedHashSet<>();
    for (TrajectoryId id : cut.ids()) {
      VerifierRef its = byGroup.get(id.group());
      if (its != null) {
        all.add(its.words());
      }
    }
    return all.size() < 2
        ? Optional.empty()
        : Optional.of("batch [%d] mixes verifiers: %s".formatted(cut.number(), all));
  }
}
