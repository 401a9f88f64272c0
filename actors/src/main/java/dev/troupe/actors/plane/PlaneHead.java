package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.VerifierJudge;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import dev.troupe.rollout.verify.Verifiers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The node that trajectories are sent to: the reward, replay and monitor actors of every run, with
 * a real verifier and a real journal, and a learner that pretends. Nodes join it as {@link
 * PlaneProducer}s.
 */
public final class PlaneHead implements AutoCloseable {
  private static final Duration STALL_AFTER = Duration.ofMinutes(5);
  private static final String FIRST_HASH = "0".repeat(64);

  /** {@code trajectories} had come to the learner in batches when the last of them did. */
  public record Count(long atNanos, long trajectories) {
    /** Trajectories a second from {@code earlier} to this. */
    public double perSecondSince(Count earlier) {
      return 1e9 * (trajectories - earlier.trajectories) / Math.max(1, atNanos - earlier.atNanos);
    }
  }

  private record Parts(
      ActorRef<RunActor.Command> run,
      ActorRef<ReplayActor.Command> replay,
      ActorRef<MonitorActor.Command> monitor,
      ActorRef<RewardActor.Command> reward,
      ActorRef<RewardActor.Command> echo) {}

  private final RunSpecification specification;
  private final RunDirectory directory;
  private final HostPort address;
  private final LongSupplier nanos;
  private final ThreadFactory threads;
  private final PretendLearner.Shared learner;
  private final ScheduledExecutorService timers;
  private final PlaneSystem<Parts> system;
  private volatile LedgerTotals totals = LedgerTotals.none();
  private volatile boolean diskStandsStill;

  private PlaneHead(
      RunSpecification specification,
      RunDirectory directory,
      HostPort address,
      Clock clock,
      LongSupplier nanos,
      ThreadFactory threads) {
    this.specification = specification;
    this.directory = directory;
    this.address = address;
    this.nanos = nanos;
    this.threads = threads;
    this.learner =
        new PretendLearner.Shared(new PolicyVersion(1, 0, 0, FIRST_HASH), nanos.getAsLong());
    this.timers = Executors.newSingleThreadScheduledExecutor(threads);
    this.system =
        PlaneSystem.start(
            address,
            List.of(address),
            Set.of(Role.HEAD, Role.REWARD),
            context -> parts(context, clock));
  }

  /**
   * @param directory of the run, empty
   * @param address free, on loopback
   */
  public static PlaneHead start(
      RunSpecification specification,
      RunDirectory directory,
      HostPort address,
      Clock clock,
      LongSupplier nanos,
      ThreadFactory threads) {
    return new PlaneHead(specification, directory, address, clock, nanos, threads);
  }

  private Parts parts(ActorContext<Void> context, Clock clock) {
    Verifier verifier = Verifiers.of(specification.reward());
    ActorRef<RunActor.Command> run = context.spawn(run(), "run");
    ActorRef<MonitorActor.Command> monitor =
        context.spawn(
            MonitorActor.create(_ -> {}, _ -> {}, STALL_AFTER, threads, nanos), "monitor");
    ActorRef<ReplayActor.Command> replay =
        context.spawn(
            ReplayActor.create(
                new ReplayActor.Surroundings(
                    specification,
                    directory,
                    TroupeOptions.of(_ -> {}, clock, nanos, threads)
                        .withCrashHook(this::atCrashPoint),
                    PlaneHead::task,
                    verifier.ref(),
                    "bench",
                    "bench",
                    run,
                    monitor)),
            "replay");
    RunPeers peers =
        new RunPeers(
            new NodeActor.Singletons(
                run,
                replay,
                context.spawn(Behaviors.<PolicyRegistry.Command>ignore(), "registry"),
                monitor));
    ActorRef<RewardActor.Command> reward =
        context.spawn(
            RewardActor.create(
                () ->
                    new VerifierJudge(
                        verifier.ref(),
                        new VerifierRunner(
                            verifier, specification.reward(), threads, Timer.on(timers))),
                peers,
                _ -> {},
                nanos),
            "reward");
    context.spawn(PretendLearner.create(replay, learner, nanos), "learner");
    return new Parts(run, replay, monitor, reward, context.spawn(echo(), "echo"));
  }

  static Task task(long number) {
    return new Task(number, "bench", "", new TaskContent.Prompt("1+1=", "2"));
  }

  private Behavior<RunActor.Command> run() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof RunActor.Counted(var counted, _)) {
            totals = counted;
          } else if (command instanceof RunActor.Fail(var why)) {
            throw new IllegalStateException(why);
          }
          return Behaviors.same();
        });
  }

  /** Answers pings, and nothing else, so that they measure the way there and back. */
  private static Behavior<RewardActor.Command> echo() {
    return Behaviors.receive(
        (context, command) -> {
          if (command instanceof RewardActor.Ping(var rollout)) {
            rollout.tell(new RolloutActor.Pong(context.getSelf()));
          }
          return Behaviors.same();
        });
  }

  private void atCrashPoint(CrashPoint point) {
    while (point == CrashPoint.BEFORE_SYNC && diskStandsStill) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** What producers are told. */
  public PlaneAddress address() {
    Parts parts = system.parts();
    return new PlaneAddress(
        address,
        system.text(parts.run()),
        system.text(parts.replay()),
        system.text(parts.monitor()),
        system.text(parts.reward()),
        system.text(parts.echo()));
  }

  /** The producer whose {@link PlaneProducer#reference} this is may begin. */
  public void begin(String producer) {
    learner.rollouts.add(system.ref(producer));
    remind();
  }

  /** Tells all producers the newest version once more; who has just joined may not have heard. */
  public void remind() {
    learner.rollouts.forEach(
        rollout -> rollout.tell(new RolloutActor.PolicyArrived(learner.newest)));
  }

  /** What has come to the learner. */
  public Count count() {
    return learner.count;
  }

  /** Of the ledger, up to half a second old. */
  public LedgerTotals totals() {
    return totals;
  }

  /** From now on the learner takes no batch. */
  public void stopLearner() {
    learner.standsStill = true;
  }

  /** From now on the journal's disk doesn't answer, or answers again. */
  public void stopDisk(boolean standsStill) {
    diskStandsStill = standsStill;
  }

  @Override
  public void close() {
    diskStandsStill = false;
    system.close();
    timers.shutdownNow();
  }
}
