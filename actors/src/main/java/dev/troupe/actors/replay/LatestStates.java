package dev.troupe.actors.replay;

import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.trajectory.EnvironmentState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Samplers keep their environments. Where they stood when the journal was opened is given to
 * samplers that begin, to each one, the newest first; what a sampler still goes on with is given to
 * none.
 */
final class LatestStates extends KeptStates {
  /** Of samplers that went away long ago nobody needs to know. */
  private static final int LINES_MAX = 256;

  private final LinkedHashMap<Long, EnvironmentState> latest = new LinkedHashMap<>();
  private boolean opened;

  @Override
  void follow(LedgerEvent event) {
    if (event instanceof LedgerEvent.Recorded(var judged)) {
      state(judged).ifPresent(this::recorded);
    }
  }

  private void recorded(EnvironmentState state) {
    if (opened) {
      latest.remove(state.line());
    } else {
      latest.putLast(state.line(), state);
      if (latest.size() > LINES_MAX) {
        latest.pollFirstEntry();
      }
    }
  }

  @Override
  void opened() {
    super.opened();
    opened = true;
  }

  @Override
  Collection<EnvironmentState> all() {
    return List.copyOf(latest.values());
  }

  @Override
  Optional<EnvironmentState> before(long group, boolean begins) {
    return begins && !latest.isEmpty()
        ? Optional.of(latest.pollLastEntry().getValue())
        : Optional.empty();
  }
}
