package dev.troupe.actors.monitor;

import dev.troupe.actors.run.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Notices that nobody makes progress any more, and names each actor, what it waits for and since
 * when. An actor that says nothing at all any more is named too: it is stuck itself.
 */
final class StallWatch {
  /** Actors speak at least once a second; after this long without a word one is stuck. */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(5);

  private static final class Actor {
    private long progress;
    private long progressAtNanos;
    private long heardAtNanos;
    private String waitsFor = "";
  }

  private final long stallAfterNanos;
  private final Map<String, Actor> actors = new LinkedHashMap<>();
  private long progressAtNanos;
  private boolean stalled;

  StallWatch(Duration stallAfter, long nowNanos) {
    this.stallAfterNanos = stallAfter.toNanos();
    this.progressAtNanos = nowNanos;
  }

  void seen(String name, long progress, String waitsFor, long nowNanos) {
    Actor actor = actors.computeIfAbsent(name, _ -> new Actor());
    boolean first = actor.heardAtNanos == 0;
    if (first || progress != actor.progress) {
      actor.progress = progress;
      actor.progressAtNanos = nowNanos;
      progressAtNanos = nowNanos;
    }
    actor.heardAtNanos = nowNanos;
    actor.waitsFor = waitsFor;
  }

  /** What is to be told now: once when a stall begins, once when it ends. */
  List<RunEvent> tick(long nowNanos) {
    long still = nowNanos - progressAtNanos;
    if (!stalled && still >= stallAfterNanos) {
      stalled = true;
      return stalledActors(nowNanos);
    }
    if (stalled && still < stallAfterNanos) {
      stalled = false;
      return List.of(new RunEvent.StallEnded(Duration.ofNanos(stallAfterNanos)));
    }
    return List.of();
  }

  private List<RunEvent> stalledActors(long nowNanos) {
    List<RunEvent> events = new ArrayList<>();
    actors.forEach(
        (name, actor) -> {
          boolean silent = nowNanos - actor.heardAtNanos > SILENT_AFTER.toNanos();
          String waitsFor =
              silent
                  ? "nothing that it says: it is silent"
                  : actor.waitsFor.isEmpty() ? "its own work to end" : actor.waitsFor;
          events.add(
              new RunEvent.Stalled(
                  name, waitsFor, Duration.ofNanos(nowNanos - actor.progressAtNanos)));
        });
    return events;
  }
}
