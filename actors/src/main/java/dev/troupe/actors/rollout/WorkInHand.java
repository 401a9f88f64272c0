package dev.troupe.actors.rollout;

import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a rollout actor was granted and what of it is done. Demand is counted in trajectories since
 * this life began: {@code received} came, {@code wanted} may have come; so a demand that is said
 * twice asks for nothing twice.
 */
final class WorkInHand {
  private record Granted(Sample sample, long updateMin) {}

  /** Trajectories for every lane that may wait to be judged and recorded. */
  private static final int LANES_HELD = 8;

  private static final int HELD_MIN = 256;

  private final int lanes;
  private final int ahead;
  private final int heldMax;
  private final ArrayDeque<Granted> waiting = new ArrayDeque<>();
  private final Map<TrajectoryId, Sample> sampling = new LinkedHashMap<>();
  private final Map<LeaseId, Set<TrajectoryId>> held = new LinkedHashMap<>();
  private final Map<TrajectoryId, Lease> leases = new HashMap<>();
  private long received;
  private boolean refusing;

  /**
   * Asks for a quarter more than there are lanes, so that none stands empty; and for nothing while
   * too much of what was sampled waits for others.
   */
  WorkInHand(int lanes) {
    this.lanes = lanes;
    this.ahead = Math.max(1, lanes / 4);
    this.heldMax = Math.max(HELD_MIN, LANES_HELD * lanes);
  }

  void granted(Lease lease, long updateMin, Optional<EnvironmentState> from) {
    for (int member : lease.members().toArray()) {
      TrajectoryId id = new TrajectoryId(lease.group().number(), member);
      Sample sample = new Sample(id, lease, lease.group().task(), from, false);
      waiting.addLast(new Granted(sample, updateMin));
      held.computeIfAbsent(lease.id(), _ -> new HashSet<>()).add(id);
      leases.put(id, lease);
      received++;
    }
  }

  /** Takes the work that may begin with the policy of {@code update}. */
  List<Sample> ready(long update) {
    List<Sample> ready = new ArrayList<>();
    waiting.removeIf(
        granted -> {
          boolean begins = granted.updateMin() <= update;
          if (begins) {
            ready.add(granted.sample());
            sampling.put(granted.sample().id(), granted.sample());
          }
          return begins;
        });
    return ready;
  }

  /** What {@code trajectory} was asked for as; empty if it is not wanted any more. */
  Optional<Sample> sampled(Trajectory trajectory) {
    Sample sample = sampling.get(trajectory.id());
    if (sample == null || !sample.lease().id().equals(trajectory.lease())) {
      return Optional.empty();
    }
    sampling.remove(trajectory.id());
    return Optional.of(sample);
  }

  /** The replay actor has an answer to this attempt. */
  void settled(TrajectoryId id, int attempt) {
    Lease lease = leases.get(id);
    if (lease != null && lease.attempt() == attempt) {
      leases.remove(id);
      leave(lease.id(), id);
    }
  }

  /**
   * The lease was taken away: what has not begun does not begin.
   *
   * @param ids of it that are taken away; none = the replay actor knows nothing of the lease
   */
  void unwanted(LeaseId lease, List<TrajectoryId> ids) {
    Set<TrajectoryId> gone =
        new HashSet<>(ids.isEmpty() ? held.getOrDefault(lease, Set.of()) : ids);
    waiting.removeIf(
        granted ->
            granted.sample().lease().id().equals(lease) && gone.contains(granted.sample().id()));
    for (TrajectoryId id : gone) {
      leave(lease, id);
      leases.computeIfPresent(id, (_, held) -> held.id().equals(lease) ? null : held);
    }
  }

  private void leave(LeaseId lease, TrajectoryId id) {
    Set<TrajectoryId> members = held.get(lease);
    if (members != null && members.remove(id) && members.isEmpty()) {
      held.remove(lease);
    }
  }

  /** Leases with anything undone, to be renewed. */
  List<LeaseId> held() {
    return List.copyOf(held.keySet());
  }

  /** Wants nothing more. */
  void refuse() {
    refusing = true;
  }

  /** Trajectories granted in this life. */
  long received() {
    return received;
  }

  /**
   * Trajectories that may be granted in this life, up to now.
   *
   * @param sampled that wait for their verdicts and records
   */
  long wanted(int sampled) {
    int begun = waiting.size() + sampling.size();
    int room = Math.min(lanes + ahead - begun, heldMax - begun - sampled);
    return refusing ? received : received + Math.max(0, room);
  }

  /** Trajectories that are held at most, in whatever state. */
  int heldMax() {
    return heldMax;
  }

  int sampling() {
    return sampling.size();
  }

  /** The update that the first waiting work needs, if {@code update} isn't enough; 0 = none. */
  long waitingFor(long update) {
    Granted first = waiting.peekFirst();
    return first == null || first.updateMin() <= update ? 0 : first.updateMin();
  }
}
