package dev.troupe.actors.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds effects back until the journal covers them. Order is kept: an effect without events of its
 * own (the answer to a duplicate, a batch asked for again) waits for the events before it, because
 * it tells of a state that they made.
 */
public final class Outbox {
  private record Waiting(long position, Effect effect) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long synced;

  /** Effects of a decision whose last event has journal position {@code position}. */
  public void add(long position, List<Effect> effects) {
    for (Effect effect : effects) {
      waiting.addLast(new Waiting(position, effect));
    }
  }

  /** The journal is synced through {@code position}. */
  public void synced(long position) {
    synced = Math.max(synced, position);
  }

  /** Takes what may leave now, in order. */
  public List<Effect> release() {
    List<Effect> released = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.getFirst().position() <= synced) {
      released.add(waiting.removeFirst().effect());
    }
    return released;
  }

  public int size() {
    return waiting.size();
  }
}
