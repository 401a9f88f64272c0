package dev.troupe.actors.rollout;

import dev.troupe.actors.Parcels;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way of a rollout actor's trajectories from the sampler to their record: sent to reward actors
 * that have room, judged, asked for where the record doesn't come. What decides lies in {@link
 * InHand} and {@link RewardRoom}.
 */
final class Verification {
  /** Beyond what a verdict or a record may take. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int PINGS_UNANSWERED_MAX = 3;
  private static final Duration RECORD_PATIENCE = Duration.ofSeconds(3);

  private final RolloutActor.Surroundings with;
  private final ActorRef<RolloutActor.Command> self;
  private final BiConsumer<InHand.Key, JudgedTrajectory> evaluated;
  private final InHand inHand;

  /** Of each verifier's reward actors. */
  private final Map<VerifierRef, RewardRoom<ActorRef<RewardActor.Command>>> rooms = new HashMap<>();

  /** The reward actors that there are, and who judges in each. */
  private final Map<ActorRef<RewardActor.Command>, VerifierRef> verifiers = new HashMap<>();

  private final Map<ActorRef<RewardActor.Command>, Integer> pings = new HashMap<>();
  private long verdicts;
  private long askedNanos;

  /**
   * @param evaluated hears of verdicts that belong to an evaluation
   */
  Verification(
      RolloutActor.Surroundings with,
      ActorRef<RolloutActor.Command> self,
      BiConsumer<InHand.Key, JudgedTrajectory> evaluated) {
    this.with = with;
    this.self = self;
    this.evaluated = evaluated;
    this.inHand = new InHand(with.reward().attemptsMax());
    this.askedNanos = now();
  }

  /** What is kept. */
  InHand inHand() {
    return inHand;
  }

  /** Verdicts that were heard. */
  long verdicts() {
    return verdicts;
  }

  /**
   * A trajectory is finished; {@link #dispatch} sends it on to a reward actor. Where the reward
   * came with the steps, there is nothing to judge: it is recorded.
   */
  void add(long evaluation, Task task, VerifierRef verifier, Finished finished) {
    Trajectory trajectory = finished.trajectory();
    inHand.add(evaluation, task, verifier, trajectory);
    if (finished.outcome().isPresent()) {
      InHand.Key key = new InHand.Key(evaluation, trajectory.id());
      JudgedTrajectory verdict =
          new JudgedTrajectory(trajectory, verifier, finished.outcome().get(), Duration.ZERO);
      if (settle(key, verdict)) {
        offer(List.of(verdict));
      }
    }
  }

  /** Sends what waits to reward actors in turn, as far as they have room. */
  void dispatch() {
    if (!inHand.isWaiting()) {
      rooms.values().forEach(room -> room.left(0));
      return;
    }
    giveUpHopeless();
    long now = now();
    Map<ActorRef<RewardActor.Command>, List<RewardActor.Request>> requests = new LinkedHashMap<>();
    Map<VerifierRef, Integer> left = new HashMap<>();
    for (InHand.Item item : inHand.waiting()) {
      Optional<ActorRef<RewardActor.Command>> reward =
          left.containsKey(item.verifier()) ? Optional.empty() : rooms(item.verifier()).take(now);
      if (reward.isEmpty()) {
        left.merge(item.verifier(), 1, Integer::sum);
        continue;
      }
      inHand.sent(item, reward.get(), now);
      requests
          .computeIfAbsent(reward.get(), _ -> new ArrayList<>())
          .add(new RewardActor.Request(item.key().evaluation(), item.task(), item.trajectory()));
    }
    rooms.forEach((verifier, room) -> room.left(left.getOrDefault(verifier, 0)));
    requests.forEach(
        (reward, all) -> send(reward, all, left.getOrDefault(verifiers.get(reward), 0)));
  }

  private RewardRoom<ActorRef<RewardActor.Command>> rooms(VerifierRef verifier) {
    return rooms.computeIfAbsent(verifier, _ -> new RewardRoom<>());
  }

  private Optional<RewardRoom<ActorRef<RewardActor.Command>>> roomOf(
      ActorRef<RewardActor.Command> reward) {
    return Optional.ofNullable(verifiers.get(reward)).map(this::rooms);
  }

  private void giveUpHopeless() {
    List<JudgedTrajectory> hopeless = new ArrayList<>();
    for (InHand.Item item : inHand.exhausted()) {
      Outcome outcome =
          new Outcome.Crashed("[" + item.tries() + "] reward actors gave no answer to this one");
      JudgedTrajectory verdict =
          new JudgedTrajectory(item.trajectory(), item.verifier(), outcome, Duration.ZERO);
      if (settle(item.key(), verdict)) {
        hopeless.add(verdict);
      }
    }
    offer(hopeless);
  }

  private void send(
      ActorRef<RewardActor.Command> reward, List<RewardActor.Request> requests, int left) {
    Parcels.of(
            requests,
            request -> Parcels.bytes(request.task()) + Parcels.bytes(request.trajectory()))
        .forEach(parcel -> reward.tell(new RewardActor.Verify(parcel, left, self)));
  }

  void judged(List<RolloutActor.Verdict> verdicts) {
    for (RolloutActor.Verdict said : verdicts) {
      InHand.Key key = new InHand.Key(said.evaluation(), said.id());
      inHand
          .find(key)
          .filter(item -> item.trajectory().attempt() == said.attempt())
          .ifPresent(
              item ->
                  settle(
                      key,
                      new JudgedTrajectory(
                          item.trajectory(), said.verifier(), said.outcome(), said.verifying())));
    }
  }

  /**
   * There is a verdict: training waits for the record, an evaluation counts it. True if it is to be
   * recorded.
   */
  private boolean settle(InHand.Key key, JudgedTrajectory verdict) {
    inHand.find(key).flatMap(InHand.Item::sentTo).ifPresent(pings::remove);
    if (!inHand.judged(key, verdict, now())) {
      return false;
    }
    verdicts++;
    if (key.evaluation() != 0) {
      inHand.remove(key);
      evaluated.accept(key, verdict);
      return false;
    }
    return true;
  }

  private void offer(List<JudgedTrajectory> verdicts) {
    Parcels.of(verdicts, verdict -> Parcels.bytes(verdict.trajectory()))
        .forEach(parcel -> with.replay().tell(new ReplayActor.Offer(parcel, self)));
  }

  void refused(List<RolloutActor.Refused> refused, ActorRef<RewardActor.Command> reward) {
    pings.remove(reward);
    roomOf(reward).ifPresent(room -> room.refused(reward, now()));
    for (RolloutActor.Refused one : refused) {
      inHand.refused(new InHand.Key(one.evaluation(), one.id()), reward);
    }
    dispatch();
  }

  void hasRoom(ActorRef<RewardActor.Command> reward, int places) {
    roomOf(reward).ifPresent(room -> room.has(reward, places));
    dispatch();
  }

  void present(List<RewardAddress> rewards) {
    verifiers.clear();
    Map<VerifierRef, List<ActorRef<RewardActor.Command>>> byVerifier = new HashMap<>();
    for (RewardAddress reward : rewards) {
      verifiers.put(reward.actor(), reward.verifier());
      byVerifier.computeIfAbsent(reward.verifier(), _ -> new ArrayList<>()).add(reward.actor());
    }
    rooms.keySet().retainAll(byVerifier.keySet());
    byVerifier.forEach((verifier, actors) -> rooms(verifier).present(actors));
    pings.keySet().retainAll(verifiers.keySet());
    inHand.rewardActors(verifiers.keySet());
    dispatch();
  }

  void answered(ActorRef<RewardActor.Command> reward) {
    pings.remove(reward);
  }

  void tick() {
    long now = now();
    rooms.values().forEach(room -> room.tick(now));
    dispatch();
    suspect(now);
    askForRecords(now);
  }

  /** A reward actor that had time enough is asked whether it is there, and at last replaced. */
  private void suspect(long now) {
    long patience =
        with.reward().timeLimit().plus(with.reward().artificialDelay()).plus(PATIENCE).toNanos();
    for (ActorRef<RewardActor.Command> silent : inHand.silentSince(now - patience)) {
      int unanswered = pings.merge(silent, 1, Integer::sum);
      if (unanswered > PINGS_UNANSWERED_MAX) {
        pings.remove(silent);
        with.node().tell(new NodeActor.Unresponsive(with.run(), silent));
      } else {
        silent.tell(new RewardActor.Ping(self));
      }
    }
  }

  /**
   * What isn't recorded in time may be lost, or wait with a replay actor or journal that stands
   * still. Nothing is offered again before it is known to be lost, so that nothing piles up there.
   */
  private void askForRecords(long now) {
    if (now - askedNanos >= RECORD_PATIENCE.toNanos()
        && inHand.waitsForRecords(now - RECORD_PATIENCE.toNanos())) {
      askedNanos = now;
      with.replay().tell(new ReplayActor.DoYouRead(now, self));
    }
  }

  /** The replay actor reads, and has what was sent before it was asked. */
  void replayReads(long asked) {
    offer(
        inHand.unrecorded(asked - RECORD_PATIENCE.toNanos(), now()).stream()
            .flatMap(item -> item.judged().stream())
            .toList());
  }

  private long now() {
    return with.nanos().getAsLong();
  }
}
