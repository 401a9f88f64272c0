package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.EpochBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Granted;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.ledger.LedgerEvent.RunEnded;
import dev.troupe.protocol.ledger.LedgerEvent.Summarised;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/** One decision in the making: what it says, does, and which groups it changed. */
final class Turn {
  private final ReplayState state;
  private final long nowNanos;
  private final List<LedgerEvent> events = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final TreeSet<Long> touched = new TreeSet<>();

  Turn(ReplayState state, long nowNanos) {
    this.state = state;
    this.nowNanos = nowNanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Something happens: to the state at once, to the journal with this decision. */
  void emit(LedgerEvent event) {
    state.apply(event, nowNanos);
    events.add(event);
    switch (event) {
      case Recorded recorded -> touch(recorded.trajectory().trajectory().id().group());
      case Dropped dropped -> touch(dropped.id().group());
      case Granted _, BatchCut _, Committed _, Updated _, IncarnationBegan _, EpochBegan _ -> {}
      case VerifierChosen _, RunEnded _, Summarised _ -> {}
    }
  }

  /** Shown to the world once the journal covers this decision. */
  void show(Effect effect) {
    effects.add(effect);
  }

  /** A group is to be looked at before the decision is over. */
  void touch(long group) {
    touched.add(group);
  }

  /** Takes the next group to be looked at. */
  OptionalLong nextTouched() {
    Long group = touched.pollFirst();
    return group == null ? OptionalLong.empty() : OptionalLong.of(group);
  }

  Decision decision() {
    return new Decision(events, effects);
  }
}
