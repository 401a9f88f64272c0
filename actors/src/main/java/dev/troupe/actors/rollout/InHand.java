package dev.troupe.actors.rollout;

import dev.troupe.actors.reward.RewardActor;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a rollout actor keeps: every trajectory from the moment it is sampled until it is recorded
 * (or, in an evaluation, judged).
 *
 * <pre>
 *   waiting ──send──▶ sent ──judged──▶ judged ──recorded──▶ gone
 *      ▲                │                 └─ no record, though the replay actor reads: offered again
 *      └── refused, or its reward actor is gone (one more try, at most triesMax)
 * </pre>
 */
final class InHand {

  /** A trajectory of an evaluation, or of training (0). */
  record Key(long evaluation, TrajectoryId id) {}

  /** One trajectory and where it is. */
  static final class Item {
    private final Key key;
    private final Task task;
    private final VerifierRef verifier;
    private final Trajectory trajectory;
    private Optional<ActorRef<RewardActor.Command>> sentTo = Optional.empty();
    private Optional<JudgedTrajectory> judged = Optional.empty();
    private long sinceNanos;
    private int tries;

    private Item(Key key, Task task, VerifierRef verifier, Trajectory trajectory) {
      this.key = key;
      this.task = task;
      this.verifier = verifier;
      this.trajectory = trajectory;
    }

    Key key() {
      return key;
    }

    Task task() {
      return task;
    }

    VerifierRef verifier() {
      return verifier;
    }

    Trajectory trajectory() {
      return trajectory;
    }

    Optional<ActorRef<RewardActor.Command>> sentTo() {
      return sentTo;
    }

    Optional<JudgedTrajectory> judged() {
      return judged;
    }

    int tries() {
      return tries;
    }
  }

  private final int triesMax;
  private final Map<Key, Item> items = new LinkedHashMap<>();

  /** Those of them that no reward actor has, and that have no verdict. */
  private final Map<Key, Item> waiting = new LinkedHashMap<>();

  private int training;

  InHand(int triesMax) {
    this.triesMax = triesMax;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** A trajectory was sampled. */
  void add(long evaluation, Task task, VerifierRef verifier, Trajectory trajectory) {
    Key key = new Key(evaluation, trajectory.id());
    Item item = new Item(key, task, verifier, trajectory);
    boolean isNew = items.put(key, item) == null;
    waiting.put(key, item);
    training += isNew && evaluation == 0 ? 1 : 0;
  }

  /** What no reward actor has, in the order in which it began to wait. */
  List<Item> waiting() {
    return List.copyOf(waiting.values());
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** {@code item} was sent to {@code reward}. */
  void sent(Item item, ActorRef<RewardActor.Command> reward, long nowNanos) {
    item.sentTo = Optional.of(reward);
    item.sinceNanos = nowNanos;
    item.tries++;
    waiting.remove(item.key);
  }

  /** {@code reward} had no room: that was no try. */
  void refused(Key key, ActorRef<RewardActor.Command> reward) {
    Item item = items.get(key);
    if (item != null && item.sentTo.filter(reward::equals).isPresent()) {
      item.sentTo = Optional.empty();
      item.tries--;
      waiting.put(key, item);
    }
  }

  /** There is a verdict; false if this trajectory is not in hand, or was judged before. */
  boolean judged(Key key, JudgedTrajectory verdict, long nowNanos) {
    Item item = items.get(key);
    if (item == null
        || item.judged.isPresent()
        || item.trajectory.attempt() != verdict.trajectory().attempt()) {
      return false;
    }
    item.judged = Optional.of(verdict);
    item.sentTo = Optional.empty();
    item.sinceNanos = nowNanos;
    waiting.remove(key);
    return true;
  }

  Optional<Item> find(Key key) {
    return Optional.ofNullable(items.get(key));
  }

  /** The replay actor has this attempt, or doesn't want it. */
  void removeRecorded(TrajectoryId id, int attempt) {
    Key key = new Key(0, id);
    Item item = items.get(key);
    if (item != null && item.trajectory.attempt() == attempt) {
      items.remove(key);
      waiting.remove(key);
      training--;
    }
  }

  /** An evaluation has its verdict. */
  void remove(Key key) {
    items.remove(key);
    waiting.remove(key);
  }

  /** Lets go of an evaluation. */
  void removeEvaluation(long evaluation) {
    waiting.keySet().removeIf(key -> key.evaluation() == evaluation);
    items.keySet().removeIf(key -> key.evaluation() == evaluation);
  }

  /** The reward actors that are there now; what others had waits again. */
  void rewardActors(Collection<ActorRef<RewardActor.Command>> present) {
    for (Item item : items.values()) {
      if (item.sentTo.isPresent() && !present.contains(item.sentTo.get())) {
        item.sentTo = Optional.empty();
        waiting.put(item.key, item);
      }
    }
  }

  /** Waiting trajectories that were tried often enough: nobody judged them. */
  List<Item> exhausted() {
    return waiting.values().stream().filter(item -> item.tries >= triesMax).toList();
  }

  /** Reward actors that have had something since {@code beforeNanos} or longer. */
  List<ActorRef<RewardActor.Command>> silentSince(long beforeNanos) {
    Map<ActorRef<RewardActor.Command>, Boolean> silent = new HashMap<>();
    for (Item item : items.values()) {
      if (item.sentTo.isPresent() && item.sinceNanos - beforeNanos <= 0) {
        silent.put(item.sentTo.get(), true);
      }
    }
    return new ArrayList<>(silent.keySet());
  }

  /**
   * Judged trajectories whose record hasn't come since {@code beforeNanos}; their time restarts.
   */
  List<Item> unrecorded(long beforeNanos, long nowNanos) {
    List<Item> overdue =
        items.values().stream()
            .filter(item -> item.judged.isPresent() && item.sinceNanos - beforeNanos <= 0)
            .toList();
    overdue.forEach(item -> item.sinceNanos = nowNanos);
    return overdue;
  }

  /** Whether anything judged by {@code beforeNanos} waits for its record. */
  boolean waitsForRecords(long beforeNanos) {
    return items.values().stream()
        .anyMatch(item -> item.judged.isPresent() && item.sinceNanos - beforeNanos <= 0);
  }

  int size() {
    return items.size();
  }

  /** Trajectories of training. */
  int training() {
    return training;
  }

  /** Trajectories without a verdict. */
  int unjudged() {
    return (int) items.values().stream().filter(item -> item.judged.isEmpty()).count();
  }
}
