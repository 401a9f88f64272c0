package dev.troupe.actors.monitor;

import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices that nobody makes progress any more, and names each actor, what it waits for and since
 * when. An actor that says nothing at all any more is named too: it is stuck itself.
 */
final class StallWatch {
  /** Actors speak at least once a second; after this long without a word one is stuck. */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(5);

  /** An actor of a node that left says nothing ever again. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

  private static final String SILENT = "nothing that it says: it is silent";

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

  /** They have ended: nobody waits for them or wants to know of them. */
  void gone(Set<String> names) {
    actors.keySet().removeAll(names);
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

  /** What every actor does; those that have not been heard of for long are left out. */
  List<ActorProgress> actors(long nowNanos) {
    actors.values().removeIf(a -> nowNanos - a.heardAtNanos > FORGOTTEN_AFTER.toNanos());
    List<ActorProgress> all = new ArrayList<>();
    actors.forEach(
        (name, actor) ->
            all.add(
                new ActorProgress(
                    name,
                    actor.progress,
                    isSilent(actor, nowNanos) ? SILENT : actor.waitsFor,
                    Duration.ofNanos(nowNanos - actor.progressAtNanos))));
    return all;
  }

  private static boolean isSilent(Actor actor, long nowNanos) {
    return nowNanos - actor.heardAtNanos > SILENT_AFTER.toNanos();
  }

  private List<RunEvent> stalledActors(long nowNanos) {
    List<RunEvent> events = new ArrayList<>();
    actors.forEach(
        (name, actor) -> {
          String waitsFor =
              isSilent(actor, nowNanos)
                  ? SILENT
                  : actor.waitsFor.isEmpty() ? "its own work to end" : actor.waitsFor;
          events.add(
              new RunEvent.Stalled(
                  name, waitsFor, Duration.ofNanos(nowNanos - actor.progressAtNanos)));
        });
    return events;
  }
}
