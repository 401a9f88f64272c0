package dev.troupe.actors.rollout;

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
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
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

  /**
   * Sample this, with the policy of update {@code updateMin} or a newer one.
   *
   * @param from where a sampler goes on that has begun nothing
   */
  public record Work(Lease lease, long updateMin, Optional<EnvironmentState> from)
      implements Command, Wire {
    public Work(Lease lease, long updateMin) {
      this(lease, updateMin, Optional.empty());
    }
  }

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

  /** {@code reward} can take so many of what waits for it here. */
  public record Room(int places, ActorRef<RewardActor.Command> reward) implements Command, Wire {}

  /**
   * The replay actor has read, and its journal holds, what reached it before question {@code
   * number}.
   */
  public record ReplayReads(long number) implements Command, Wire {}

  /** {@code reward} reads its messages. */
  public record Pong(ActorRef<RewardActor.Command> reward) implements Command, Wire {}

  /** The reward actors that there are. */
  public record Rewards(List<RewardAddress> rewards) implements Command, Wire {
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

  /** What the sampler's thread finished. */
  record Sampled(List<Finished> finished) implements Command, Local {}

  /** Likewise, for an evaluation. */
  record SampledForEvaluation(List<Finished> finished) implements Command, Local {}

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
      Consumer<CrashPoint> crashHook,
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

  private final Surroundings with;
  private final long life;
  private final SamplerThread sampler;
  private final WorkInHand work;
  private final Verification verification;
  private final Evaluations evaluations;
  private Optional<PolicyVersion> policy = Optional.empty();
  private long progress;
  private long renewedNanos;
  private ActorRef<ReplayActor.Command> knownReplay;
  private long seenNanos;
  private OptionalLong retiringSince = OptionalLong.empty();

  private RolloutActor(ActorContext<Command> context, Surroundings with, long life) {
    super(context);
    this.with = with;
    this.life = life;
    this.renewedNanos = life;
    this.knownReplay = with.replay();
    this.work = new WorkInHand(with.engines().lanes());
    ActorRef<Command> self = context.getSelf();
    this.evaluations = new Evaluations(with, this::evaluate);
    this.verification = new Verification(with, self, evaluations::judged);
    this.sampler =
        new SamplerThread(
            with.engines(),
            new SamplerThread.Listener() {
              @Override
              public void sampled(List<Finished> finished) {
                self.tell(new FromLife(life, new Sampled(finished)));
              }

              @Override
              public void evaluated(List<Finished> finished) {
                self.tell(new FromLife(life, new SampledForEvaluation(finished)));
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
      case Work granted -> onWork(granted);
      case Unwanted(var lease, var ids) -> work.unwanted(lease, ids);
      case PolicyArrived(var version) -> onPolicyArrived(version);
      case Retire _ -> onRetire();
      case FromLife(var from, var brought) when from != life ->
          context().getLog().debug("not heard, from life [{}]: [{}]", from, brought.getClass());
      case FromLife(_, var brought) -> onMessage(brought);
      case Sampled(var finished) -> onSampled(finished);
      case Judged(var verdicts) -> verification.judged(verdicts);
      case Busy(var refused, var reward) -> verification.refused(refused, reward);
      case Room(var places, var reward) -> verification.hasRoom(reward, places);
      case Recorded(var receipts) -> onRecorded(receipts);
      case Rewards(var present) -> verification.present(present);
      case Pong(var reward) -> verification.answered(reward);
      case ReplayReads(var askedNanos) -> verification.replayReads(askedNanos);
      case Evaluate order -> evaluations.order(order);
      case SampledForEvaluation(var finished) -> onSampledForEvaluation(finished);
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

  private void onWork(Work granted) {
    work.granted(granted.lease(), granted.updateMin(), granted.from());
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

  private void onSampled(List<Finished> finished) {
    with.crashHook().accept(CrashPoint.AFTER_SAMPLING);
    for (Finished one : finished) {
      work.sampled(one.trajectory())
          .ifPresent(
              sample -> verification.add(0, sample.task(), sample.lease().group().verifier(), one));
    }
    progress += finished.size();
    if (with.nanos().getAsLong() - seenNanos >= SEEN_EVERY.toNanos()) {
      seen();
    }
    verification.dispatch();
    demand(false);
  }

  private void onRecorded(List<Receipt> receipts) {
    for (Receipt receipt : receipts) {
      work.settled(receipt.id(), receipt.attempt());
      verification.inHand().removeRecorded(receipt.id(), receipt.attempt());
      progress++;
    }
  }

  private void evaluate(EvaluationPart part, Policy taken) {
    verification.inHand().removeEvaluation(part.order().key());
    sampler.evaluate(taken, part.samples());
  }

  private void onSampledForEvaluation(List<Finished> finished) {
    evaluations.sampled(finished, verification);
    progress += finished.size();
    verification.dispatch();
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
            && with.nanos().getAsLong() - retiringSince.getAsLong()
                > Verification.PATIENCE.toNanos()
            && work.held().isEmpty()
            && verification.inHand().isEmpty()
            && evaluations.isEmpty();
    if (retired) {
      with.replay().tell(new ReplayActor.NodeLost(with.name()));
    }
    return retired;
  }

  private void onTick() {
    long now = with.nanos().getAsLong();
    sampler.overdue().ifPresent(lost -> onOverdue(lost, this::onSampled));
    sampler.overdueEvaluation().ifPresent(lost -> onOverdue(lost, this::onSampledForEvaluation));
    verification.tick();
    evaluations.beginEarly();
    with.cache().tell(new PolicyCache.Subscribe(context().getSelf()));
    boolean moved = !with.replay().equals(knownReplay);
    knownReplay = with.replay();
    boolean claims = moved || now - renewedNanos >= with.leaseLimit().toNanos() / 4;
    renewedNanos = claims ? now : renewedNanos;
    demand(claims);
    SamplerTimes times = seen();
    with.monitor()
        .tell(
            new MonitorActor.Seen(
                with.name(), progress + verification.verdicts() + times.tokens(), waitsFor()));
  }

  /** Its outcome is said, then another thread with an engine of its own takes over. */
  private void onOverdue(Finished lost, Consumer<List<Finished>> say) {
    say.accept(List.of(lost));
    throw new IllegalStateException(
        "sampler of [" + with.name() + "] doesn't come back: " + lost.outcome());
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

  /** Says how much work may come, and which leases it has where it {@code claims} them. */
  private void demand(boolean claims) {
    with.replay()
        .tell(
            new ReplayActor.Demand(
                with.name(),
                context().getSelf(),
                life,
                work.received(),
                work.wanted(verification.inHand().training()),
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
    InHand inHand = verification.inHand();
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
