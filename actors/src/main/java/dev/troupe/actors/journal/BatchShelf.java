package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The content of recorded trajectories: the latest ones in memory, all others by their place in the
 * journal. Memory is bounded by {@code heldMax} trajectories and one place for each trajectory that
 * a kept checkpoint may ask for again. Thread-safe: the writer's thread tells places, the owner's
 * thread puts and assembles.
 */
public final class BatchShelf {
  private final Path journal;
  private final int heldMax;
  private final LinkedHashMap<TrajectoryId, JudgedTrajectory> held = new LinkedHashMap<>();
  private final Map<Long, Map<TrajectoryId, Location>> places = new HashMap<>();

  /**
   * @param heldMax trajectories in memory at most, once their place is known
   */
  public BatchShelf(Path journal, int heldMax) {
    this.journal = journal;
    this.heldMax = heldMax;
  }

  /** A trajectory was recorded; its place will follow. */
  synchronized void put(JudgedTrajectory judged) {
    held.put(judged.trajectory().id(), judged);
  }

  /** Where an event lies. */
  synchronized void written(LedgerEvent event, Location at) {
    if (event instanceof LedgerEvent.Recorded recorded) {
      TrajectoryId id = recorded.trajectory().trajectory().id();
      places.computeIfAbsent(id.group(), _ -> new HashMap<>()).put(id, at);
      evict();
    }
  }

  /** Nobody asks for these groups again. */
  synchronized void forgetGroups(LongPredicate closed) {
    places
        .entrySet()
        .removeIf(
            group -> {
              boolean isClosed = closed.test(group.getKey());
              if (isClosed) {
                group.getValue().keySet().forEach(held::remove);
              }
              return isClosed;
            });
  }

  /**
   * The batch with its content; reads from disk what memory doesn't hold.
   *
   * @throws DamagedJournalException if the journal no longer holds what it held
   */
  public Batch assemble(BatchPlan plan) {
    List<BatchGroup> groups = new ArrayList<>();
    for (BatchPlan.PlannedGroup planned : plan.groups()) {
      List<JudgedTrajectory> trajectories = new ArrayList<>();
      for (TrajectoryId id : planned.ids()) {
        trajectories.add(get(id));
      }
      groups.add(new BatchGroup(planned.group(), trajectories));
    }
    return new Batch(plan.number(), groups);
  }

  synchronized int heldCount() {
    return held.size();
  }

  synchronized int placeCount() {
    return places.values().stream().mapToInt(Map::size).sum();
  }

  private JudgedTrajectory get(TrajectoryId id) {
    Location at;
    synchronized (this) {
      JudgedTrajectory judged = held.get(id);
      if (judged != null) {
        return judged;
      }
      at = place(id);
    }
    if (at == null) {
      throw new IllegalStateException("trajectory [" + id + "] is on no shelf");
    }
    try {
      if (JournalReader.read(journal, at) instanceof LedgerEvent.Recorded recorded
          && recorded.trajectory().trajectory().id().equals(id)) {
        return recorded.trajectory();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading trajectory [" + id + "] at " + at, e);
    }
    throw new DamagedJournalException(
        journal.resolve(at.segment().fileName()), at.offset(), "expected trajectory [" + id + "]");
  }

  private @Nullable Location place(TrajectoryId id) {
    Map<TrajectoryId, Location> group = places.get(id.group());
    return group == null ? null : group.get(id);
  }

  private void evict() {
    var oldest = held.keySet().iterator();
    while (held.size() > heldMax && oldest.hasNext()) {
      if (place(oldest.next()) != null) {
        oldest.remove();
      }
    }
  }
}
