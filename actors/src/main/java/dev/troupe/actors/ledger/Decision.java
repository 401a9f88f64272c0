package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent;
import java.util.List;

/**
 * What {@link Replay} decided: events to append to the journal in this order, and effects that may
 * leave once all of these events are synced (at once if there are none and all earlier ones are).
 */
public record Decision(List<LedgerEvent> events, List<Effect> effects) {
  public Decision {
    events = List.copyOf(events);
    effects = List.copyOf(effects);
  }

  public boolean isEmpty() {
    return events.isEmpty() && effects.isEmpty();
  }
}
