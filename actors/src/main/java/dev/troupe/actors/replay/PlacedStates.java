package dev.troupe.actors.replay;

import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.trajectory.EnvironmentState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Environments belong to a place in the batch, whoever samples: the first fragment of a batch goes
 * on where the first one of the batch before ended, the second where the second ended, and so on.
 * So at lag 0, where a batch is cut before a fragment of the next one is granted, what is sampled
 * follows from the seed, with one sampler as with several.
 *
 * <p>A fragment for which nothing is left begins new episodes: those of the first batch, and the
 * one that takes the place of a fragment in which an environment failed.
 */
final class PlacedStates extends KeptStates {
  private record Stood(long group, EnvironmentState state) {}

  /** By fragments that no batch has yet. */
  private final Map<Long, Stood> recorded = new HashMap<>();

  /** By fragments of batches, which none goes on from yet. */
  private final TreeMap<Long, Stood> free = new TreeMap<>();

  /** By the fragments that go on from them and aren't recorded. */
  private final Map<Long, Stood> given = new HashMap<>();

  @Override
  void follow(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Granted(var lease, _) -> granted(lease.group().number());
      case LedgerEvent.Recorded(var judged) -> {
        long group = judged.trajectory().id().group();
        given.remove(group);
        state(judged).ifPresent(state -> recorded(new Stood(group, state)));
      }
      case LedgerEvent.BatchCut(_, var ids) -> ids.forEach(id -> release(id.group()));
      case LedgerEvent.Dropped(var id, var reason, _, _) -> dropped(id.group(), reason);
      case LedgerEvent.EpochBegan _,
          LedgerEvent.Updated _,
          LedgerEvent.IncarnationBegan _,
          LedgerEvent.Committed _,
          LedgerEvent.VerifierChosen _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ -> {}
    }
  }

  /** A fragment that is granted again goes on from the same place. */
  private void granted(long group) {
    if (!given.containsKey(group) && !free.isEmpty()) {
      given.put(group, free.pollFirstEntry().getValue());
    }
  }

  /** Where the journal's beginning was deleted, another was thought to go on from here. */
  private void recorded(Stood stood) {
    long line = stood.state().line();
    Stream.of(recorded, free, given)
        .forEach(known -> known.values().removeIf(it -> it.state().line() == line));
    recorded.put(stood.group(), stood);
  }

  private void release(long group) {
    Stood stood = recorded.remove(group);
    if (stood != null) {
      free.put(group, stood);
    }
  }

  /** In which an environment failed: its episodes are lost. Any other one is played by another. */
  private void dropped(long group, DropReason reason) {
    Stood before = given.remove(group);
    if (before != null && reason != DropReason.REWARD_CRASHED) {
      free.put(before.group(), before);
    }
    release(group);
  }

  @Override
  Collection<EnvironmentState> all() {
    return Stream.of(recorded, free, given)
        .flatMap(known -> known.values().stream())
        .map(Stood::state)
        .toList();
  }

  @Override
  Optional<EnvironmentState> before(long group, boolean begins) {
    return Optional.ofNullable(given.get(group)).map(Stood::state);
  }
}
