package dev.troupe.actors.rollout;

import dev.troupe.actors.Parcels;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.policy.VersionOrder;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Samples trajectories: asks for as much work as it has lanes, samples with the newest policy that
 * this node holds, hands what is finished to a reward actor and keeps it until it is recorded.
 *
 * <p>It begins anew after a failure, with a new {@code life}: then the replay actor grants the work
 * of the earlier one again.
 */
public final class RolloutActor extends ThinActor<RolloutActor.Command> {

  /** What a rollout actor is told. */
  public sealed interface Command {}

  /** Sample this, with the policy of update {@code updateMin} or a newer one. */
  public record Work(Lease lease, long updateMin) implements Command, Wire {}

  /** These members are not wanted under this lease any more; none named = none of them is. */
  public record Unwanted(LeaseId lease, List<TrajectoryId> ids) implements Command, Wire {
    public Unwanted {
      ids = List.copyOf(ids);
    }
  }

  /** An attempt at a trajectory. */
  public record Receipt(TrajectoryId id, int attempt) {}

  /** These attempts are recorded, or not wanted: forget them. */
  public record Recorded(List<Receipt> receipts) implements Command, Wire {
    public Recorded {
      receipts = List.copyOf(receipts);
    }
  }

  /** The verdict on a trajectory of {@code evaluation} (0 = training). */
  public record Verdict(
      long evaluation,
      TrajectoryId id,
      int attempt,
      VerifierRef verifier,
      Outcome outcome,
      Duration verifying) {}

  /** What a reward actor says of several. */
  public record Judged(List<Verdict> verdicts) implements Command, Wire {
    public Judged {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** A trajectory of {@code evaluation} (0 = training) that was not taken. */
  public record Refused(long evaluation, TrajectoryId id) {}

  /** {@code reward} has no room for these now. */
  public record Busy(List<Refused> refused, ActorRef<RewardActor.Command> reward)
      implements Command, Wire {
    public Busy {
      refused = List.copyOf(refused);
    }
  }

  /**
   * The replay actor has read, and its journal holds, what reached it before question {@code
   * number}.
   */
  public record ReplayReads(long number) implements Command, Wire {}

  /** {@code reward} reads its messages. */
  public record Pong(ActorRef<RewardActor.Command> reward) implements Command, Wire {}

  /** The reward actors that there are. */
  public record Rewards(List<ActorRef<RewardActor.Command>> rewards) implements Command, Wire {
    public Rewards {
      rewards = List.copyOf(rewards);
    }
  }

  /** Take no more work; end when what is held is recorded. */
  public record Retire() implements Command, Local {}

  /** A newer policy can be taken up. */
  public record PolicyArrived(PolicyVersion version) implements Command, Wire {}

  /**
   * Answer {@code tasks} greedily with {@code version}, a part of evaluation {@code evaluation}.
   */
  public record Evaluate(
      long evaluation,
      int part,
      PolicyVersion version,
      VerifierRef verifier,
      List<Task> tasks,
      ActorRef<RunActor.Command> run)
      implements Command, Wire {
    private static final int PARTS_MAX = 4096;

    public Evaluate {
      tasks = List.copyOf(tasks);
    }

    /** Of this part, among all parts of all evaluations of a run; not 0. */
    long key() {
      return evaluation * PARTS_MAX + part;
    }
  }

  /** An order whose weights aren't here yet. */
  private record EarlyEvaluation(Evaluate order, long sinceNanos) {}

  /** What the sampler's thread finished. */
  record Sampled(List<Trajectory> trajectories) implements Command, Local {}

  /** Likewise, for an evaluation. */
  record SampledForEvaluation(List<Trajectory> trajectories) implements Command, Local {}

  record SamplerFailed(Throwable cause) implements Command, Local {}

  /** What the thread of life {@code life} of this actor brought; an earlier life's is not heard. */
  record FromLife(long life, Command command) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** Whom and what a rollout actor works with. */
  public record Surroundings(
      String run,
      String name,
      SamplerEngines engines,
      PolicyShelf shelf,
      RunPeers peers,
      ActorRef<PolicyCache.Command> cache,
      ActorRef<NodeActor.Command> node,
      RewardSpecification reward,
      Duration leaseLimit,
      LongSupplier nanos) {
    ActorRef<ReplayActor.Command> replay() {
      return peers.replay();
    }

    ActorRef<MonitorActor.Command> monitor() {
      return peers.monitor();
    }
  }

  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration SEEN_EVERY = Duration.ofMillis(50);
  private static final int PINGS_UNANSWERED_MAX = 3;
  private static final Duration RECORD_PATIENCE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration WEIGHTS_PATIENCE = Duration.ofSeconds(60);

  private final Surroundings with;
  private final long life;
  private final SamplerThread sampler;
  private final WorkInHand work;
  private final InHand inHand;
  private final Map<Long, EvaluationPart> evaluations = new HashMap<>();
  private final Map<Long, EarlyEvaluation> early = new LinkedHashMap<>();
  private final Map<ActorRef<RewardActor.Command>, Integer> pings = new HashMap<>();
  private List<ActorRef<RewardActor.Command>> rewards = List.of();
  private int nextReward;
  private Optional<PolicyVersion> policy = Optional.empty();
  private long progress;
  private long renewedNanos;
  private ActorRef<ReplayActor.Command> knownReplay;
  private long askedNanos;
  private long seenNanos;
  private OptionalLong retiringSince = OptionalLong.empty();

  private RolloutActor(ActorContext<Command> context, Surroundings with, long life) {
    super(context);
    this.with = with;
    this.life = life;
    this.renewedNanos = life;
    this.knownReplay = with.replay();
    this.askedNanos = life;
    this.work = new WorkInHand(with.engines().lanes());
    this.inHand = new InHand(with.reward().attemptsMax());
    ActorRef<Command> self = context.getSelf();
    this.sampler =
        new SamplerThread(
            with.engines(),
            new SamplerThread.Listener() {
              @Override
              public void sampled(List<Trajectory> trajectories) {
                self.tell(new FromLife(life, new Sampled(trajectories)));
              }

              @Override
              public void evaluated(List<Trajectory> trajectories) {
                self.tell(new FromLife(life, new SampledForEvaluation(trajectories)));
              }

              @Override
              public void failed(Throwable cause) {
                self.tell(new FromLife(life, new SamplerFailed(cause)));
              }
            },
            with.nanos());
    sampler.start();
    with.node().tell(new NodeActor.RolloutBegan(with.run(), with.name(), self, life));
    with.cache().tell(new PolicyCache.Subscribe(self));
    seen();
    demand(false);
  }

  /** Lives again after a failure, at most a few times a minute; then the failure is the run's. */
  public static Behavior<Command> create(Surroundings with) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new RolloutActor(context, with, with.nanos().getAsLong());
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(5, Duration.ofMinutes(1)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Work(var lease, var updateMin) -> onWork(lease, updateMin);
      case Unwanted(var lease, var ids) -> work.unwanted(lease, ids);
      case PolicyArrived(var version) -> onPolicyArrived(version);
      case Retire _ -> onRetire();
      case FromLife(var from, var brought) when from != life ->
          context().getLog().debug("not heard, from life [{}]: [{}]", from, brought.getClass());
      case FromLife(_, var brought) -> onMessage(brought);
      case Sampled(var trajectories) -> onSampled(trajectories);
      case Judged(var verdicts) -> onJudged(verdicts);
      case Busy(var refused, var reward) -> onBusy(refused, reward);
      case Recorded(var receipts) -> onRecorded(receipts);
      case Rewards(var present) -> onRewards(present);
      case Pong(var reward) -> pings.remove(reward);
      case ReplayReads(var askedNanos) -> onReplayReads(askedNanos);
      case Evaluate evaluate -> onEvaluate(evaluate);
      case SampledForEvaluation(var trajectories) -> onSampledForEvaluation(trajectories);
      case Tick _ -> {
        onTick();
        return isRetired() ? Behaviors.stopped() : this;
      }
      case SamplerFailed(var cause) ->
          throw new IllegalStateException("sampler of [" + with.name() + "]: " + cause, cause);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onWork(Lease lease, long updateMin) {
    work.granted(lease, updateMin);
    submitReady();
  }

  private void onPolicyArrived(PolicyVersion version) {
    if (policy.isEmpty() || VersionOrder.newer(version, policy.get())) {
      Optional<Policy> taken = with.shelf().take(version);
      if (taken.isPresent()) {
        sampler.use(taken.get());
        policy = Optional.of(version);
        submitReady();
      }
    }
  }

  private void submitReady() {
    policy.ifPresent(
        version -> {
          List<Sample> ready = work.ready(version.update());
          if (!ready.isEmpty()) {
            sampler.submit(ready);
          }
        });
  }

  private void onSampled(List<Trajectory> trajectories) {
    for (Trajectory trajectory : trajectories) {
      work.sampled(trajectory)
          .ifPresent(
              sample ->
                  inHand.add(0, sample.task(), sample.lease().group().verifier(), trajectory));
    }
    progress += trajectories.size();
    if (with.nanos().getAsLong() - seenNanos >= SEEN_EVERY.toNanos()) {
      seen();
    }
    dispatch();
    demand(false);
  }

  /** Sends what waits to reward actors in turn; those that are full say so. */
  private void dispatch() {
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
    if (!rewards.isEmpty()) {
      long now = with.nanos().getAsLong();
      Map<ActorRef<RewardActor.Command>, List<RewardActor.Request>> requests =
          new LinkedHashMap<>();
      for (InHand.Item item : inHand.waiting()) {
        ActorRef<RewardActor.Command> reward = rewards.get(nextReward++ % rewards.size());
        inHand.sent(item, reward, now);
        requests
            .computeIfAbsent(reward, _ -> new ArrayList<>())
            .add(new RewardActor.Request(item.key().evaluation(), item.task(), item.trajectory()));
      }
      requests.forEach(this::verify);
    }
  }

  private void verify(ActorRef<RewardActor.Command> reward, List<RewardActor.Request> requests) {
    Parcels.of(
            requests,
            request -> Parcels.bytes(request.task()) + Parcels.bytes(request.trajectory()))
        .forEach(parcel -> reward.tell(new RewardActor.Verify(parcel, context().getSelf())));
  }

  private void onJudged(List<Verdict> verdicts) {
    for (Verdict said : verdicts) {
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
    if (!inHand.judged(key, verdict, with.nanos().getAsLong())) {
      return false;
    }
    progress++;
    if (key.evaluation() != 0) {
      inHand.remove(key);
      onEvaluated(key, verdict);
      return false;
    }
    return true;
  }

  private void offer(List<JudgedTrajectory> verdicts) {
    Parcels.of(verdicts, verdict -> Parcels.bytes(verdict.trajectory()))
        .forEach(parcel -> with.replay().tell(new ReplayActor.Offer(parcel, context().getSelf())));
  }

  private void onBusy(List<Refused> refused, ActorRef<RewardActor.Command> reward) {
    pings.remove(reward);
    for (Refused one : refused) {
      inHand.refused(new InHand.Key(one.evaluation(), one.id()), reward);
    }
  }

  private void onRecorded(List<Receipt> receipts) {
    for (Receipt receipt : receipts) {
      work.settled(receipt.id(), receipt.attempt());
      inHand.removeRecorded(receipt.id(), receipt.attempt());
      progress++;
    }
  }

  private void onRewards(List<ActorRef<RewardActor.Command>> present) {
    rewards = present;
    pings.keySet().retainAll(present);
    inHand.rewardActors(present);
    dispatch();
  }

  /** What is asked for twice is done once. */
  private void onEvaluate(Evaluate order) {
    if (!evaluations.containsKey(order.key()) && !early.containsKey(order.key())) {
      long now = with.nanos().getAsLong();
      early.put(order.key(), new EarlyEvaluation(order, now));
      beginEarly(now);
    }
  }

  private void begin(Evaluate order, Policy taken) {
    EvaluationPart part = new EvaluationPart(order, with.leaseLimit());
    evaluations.put(order.key(), part);
    inHand.removeEvaluation(order.key());
    sampler.evaluate(taken, part.samples());
  }

  /** The weights of an evaluation may still be on their way here. */
  private void beginEarly(long now) {
    for (EarlyEvaluation waiting : List.copyOf(early.values())) {
      Evaluate order = waiting.order();
      Optional<Policy> taken = with.shelf().take(order.version());
      if (taken.isPresent()) {
        early.remove(order.key());
        begin(order, taken.get());
      } else if (now - waiting.sinceNanos() > WEIGHTS_PATIENCE.toNanos()) {
        early.remove(order.key());
        order
            .run()
            .tell(
                new RunActor.EvaluationImpossible(
                    order.evaluation(), order.part(), order.version()));
      }
    }
  }

  private void onSampledForEvaluation(List<Trajectory> trajectories) {
    for (Trajectory trajectory : trajectories) {
      long evaluation = trajectory.lease().number();
      EvaluationPart part = evaluations.get(evaluation);
      if (part != null) {
        inHand.add(evaluation, part.task(trajectory.id()), part.order().verifier(), trajectory);
      }
    }
    progress += trajectories.size();
    dispatch();
  }

  private void onEvaluated(InHand.Key key, JudgedTrajectory verdict) {
    EvaluationPart part = evaluations.get(key.evaluation());
    if (part != null && part.judged(verdict)) {
      evaluations.remove(key.evaluation());
      part.results().forEach(part.order().run()::tell);
    }
  }

  private void onRetire() {
    if (retiringSince.isEmpty()) {
      retiringSince = OptionalLong.of(with.nanos().getAsLong());
      work.refuse();
      demand(false);
    }
  }

  /** Nothing is held, and what was granted before the refusal was heard has had time to come. */
  private boolean isRetired() {
    boolean retired =
        retiringSince.isPresent()
            && with.nanos().getAsLong() - retiringSince.getAsLong() > PATIENCE.toNanos()
            && work.held().isEmpty()
            && inHand.isEmpty()
            && evaluations.isEmpty();
    if (retired) {
      with.replay().tell(new ReplayActor.NodeLost(with.name()));
    }
    return retired;
  }

  private void onTick() {
    long now = with.nanos().getAsLong();
    dispatch();
    suspect(now);
    beginEarly(now);
    askForRecords(now);
    with.cache().tell(new PolicyCache.Subscribe(context().getSelf()));
    boolean moved = !with.replay().equals(knownReplay);
    knownReplay = with.replay();
    boolean claims = moved || now - renewedNanos >= with.leaseLimit().toNanos() / 4;
    renewedNanos = claims ? now : renewedNanos;
    demand(claims);
    SamplerTimes times = seen();
    with.monitor().tell(new MonitorActor.Seen(with.name(), progress + times.tokens(), waitsFor()));
  }

  /**
   * What isn't recorded in time may be lost, or wait with a replay actor or journal that stands
   * still. Nothing is offered again before it is known to be lost, so that nothing piles up there.
   */
  private void askForRecords(long now) {
    if (now - askedNanos >= RECORD_PATIENCE.toNanos()
        && inHand.waitsForRecords(now - RECORD_PATIENCE.toNanos())) {
      askedNanos = now;
      with.replay().tell(new ReplayActor.DoYouRead(now, context().getSelf()));
    }
  }

  private void onReplayReads(long asked) {
    long now = with.nanos().getAsLong();
    offer(
        inHand.unrecorded(asked - RECORD_PATIENCE.toNanos(), now).stream()
            .flatMap(item -> item.judged().stream())
            .toList());
  }

  /** Also after deliveries, for a run may be shorter than a tick. */
  private SamplerTimes seen() {
    SamplerTimes times = sampler.times();
    seenNanos = with.nanos().getAsLong();
    with.monitor()
        .tell(
            new MonitorActor.SamplerSeen(
                with.name(), times.atNanos(), times.idleNanos(), times.tokens()));
    return times;
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
        silent.tell(new RewardActor.Ping(context().getSelf()));
      }
    }
  }

  /** Says how much work may come, and which leases it has where it {@code claims} them. */
  private void demand(boolean claims) {
    with.replay()
        .tell(
            new ReplayActor.Demand(
                with.name(),
                context().getSelf(),
                life,
                work.received(),
                work.wanted(inHand.training()),
                claims,
                claims ? work.held() : List.of()));
  }

  private String waitsFor() {
    if (policy.isEmpty()) {
      return "a policy from the learner";
    }
    if (work.waitingFor(policy.get().update()) > 0) {
      return "the policy of update [" + work.waitingFor(policy.get().update()) + "]";
    }
    if (work.sampling() > 0) {
      return "";
    }
    if (inHand.unjudged() > 0) {
      return "verdicts on [" + inHand.unjudged() + "] trajectories from the reward actors";
    }
    if (inHand.size() > 0) {
      return "records of [" + inHand.size() + "] trajectories from the replay actor";
    }
    return "work from the replay actor";
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      sampler.stop();
    }
    return this;
  }
}
