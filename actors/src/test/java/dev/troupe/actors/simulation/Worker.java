package dev.troupe.actors.simulation;

import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.policy.VersionOrder;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A rollout node with its policy cache and its verifier: samples what it is granted with the newest
 * policy that it holds, and keeps every trajectory until it is answered.
 */
final class Worker extends Party {
  private static final TrajectoryBody BODY = Samples.body(5);
  private static final long TICK = 10_000;

  private static final class Held {
    private final Effect.Grant grant;
    private final TreeSet<TrajectoryId> undone = new TreeSet<>();
    private final List<TrajectoryId> waiting = new ArrayList<>();

    private Held(Effect.Grant grant) {
      this.grant = grant;
      for (int member : grant.lease().members().toArray()) {
        TrajectoryId id = new TrajectoryId(grant.lease().group().number(), member);
        undone.add(id);
        waiting.add(id);
      }
    }
  }

  private final int lanes;
  private final Map<LeaseId, Held> held = new LinkedHashMap<>();
  private final Map<TrajectoryId, JudgedTrajectory> finished = new LinkedHashMap<>();
  private Optional<PolicyVersion> cached = Optional.empty();
  private Optional<Head> head = Optional.empty();
  private int epoch;

  Worker(World world, String name, int lanes) {
    super(world, name);
    this.lanes = lanes;
  }

  @Override
  void onStart() {
    held.clear();
    finished.clear();
    cached = Optional.empty();
    head = Optional.of(world.head());
    epoch = 0;
    tick();
  }

  @Override
  void onCrash() {
    world.workerLost(this);
  }

  @Override
  void onMessage(Message message) {
    switch (message) {
      case Message.HeadIs(var from, var its) -> {
        if (its > epoch) {
          epoch = its;
          head = Optional.of(from);
        }
      }
      case Message.Work(var grant) -> {
        if (!held.containsKey(grant.lease().id())) {
          onWork(new Held(grant));
        }
      }
      case Message.Unwanted(var lease, var ids) -> onUnwanted(lease, ids);
      case Message.Received(var id, var attempt) -> onReceived(id, attempt);
      case Message.Announce(var version) ->
          after(world.trouble().pullTime(), () -> onPulled(version));
      default -> throw new AssertionError("a worker got " + message);
    }
  }

  private void tick() {
    int busy = held.values().stream().mapToInt(it -> it.undone.size()).sum();
    tellHead(new Message.Demand(address(), Math.max(0, lanes - busy), List.copyOf(held.keySet())));
    tellHead(new Message.JoinCache(address(), cached));
    finished.values().forEach(judged -> tellHead(new Message.Offer(address(), judged)));
    after(TICK, this::tick);
  }

  private void tellHead(Message message) {
    head.ifPresent(it -> send(it, message));
  }

  // ---- sampling ----

  /** Work that was granted again replaces what is here of it; the older attempt can't count. */
  private void onWork(Held granted) {
    for (TrajectoryId id : granted.undone) {
      for (Held other : List.copyOf(held.values())) {
        leave(other.grant.lease().id(), id);
        other.waiting.remove(id);
      }
      finished.remove(id);
    }
    held.put(granted.grant.lease().id(), granted);
    sample();
  }

  /** Begins whatever may begin with the policy that is here. */
  private void sample() {
    if (cached.isEmpty()) {
      return;
    }
    PolicyVersion policy = cached.get();
    for (Held lease : held.values()) {
      if (lease.grant.updateMin() <= policy.update()) {
        for (TrajectoryId id : lease.waiting) {
          after(world.trouble().samplingTime(), () -> onSampled(lease, id, policy));
        }
        lease.waiting.clear();
      }
    }
  }

  private void onSampled(Held lease, TrajectoryId id, PolicyVersion policy) {
    boolean wanted = held.containsKey(lease.grant.lease().id()) && lease.undone.contains(id);
    if (!wanted) {
      return;
    }
    Trajectory trajectory =
        new Trajectory(
            id,
            lease.grant.lease().id(),
            lease.grant.lease().attempt(),
            List.of(new VersionSpan(0, policy)),
            BODY);
    Outcome outcome =
        switch (world.random().nextInt(16)) {
          case 0 -> new Outcome.Crashed("boom");
          case 1 -> new Outcome.TimedOut(Samples.LIMIT);
          default -> new Outcome.Scored(world.random().nextInt(3));
        };
    JudgedTrajectory judged =
        new JudgedTrajectory(
            trajectory, lease.grant.lease().group().verifier(), outcome, Samples.LIMIT);
    finished.put(id, judged);
    tellHead(new Message.Offer(address(), judged));
  }

  private void onReceived(TrajectoryId id, int attempt) {
    JudgedTrajectory judged = finished.get(id);
    if (judged != null && judged.trajectory().attempt() == attempt) {
      finished.remove(id);
      leave(judged.trajectory().lease(), id);
    }
  }

  private void onUnwanted(LeaseId lease, List<TrajectoryId> ids) {
    Held its = held.get(lease);
    if (its != null) {
      List<TrajectoryId> gone = ids.isEmpty() ? List.copyOf(its.undone) : ids;
      its.waiting.removeAll(gone);
      gone.forEach(id -> leave(lease, id));
    }
  }

  private void leave(LeaseId lease, TrajectoryId id) {
    Held its = held.get(lease);
    if (its != null && its.undone.remove(id) && its.undone.isEmpty()) {
      held.remove(lease);
    }
  }

  // ---- the policy cache ----

  private void onPulled(PolicyVersion version) {
    boolean newer = cached.isEmpty() || VersionOrder.newer(version, cached.get());
    if (newer || world.flaw() == Flaw.CACHE_GOES_BACK) {
      cached.ifPresent(before -> world.promises().cacheMoves(this, before, version));
      cached = Optional.of(version);
    }
    sample();
  }
}
