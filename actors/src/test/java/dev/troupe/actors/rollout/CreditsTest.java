package dev.troupe.actors.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer stands still, and what waits for it stays within a bound. */
@Timeout(90)
class CreditsTest {
  private static final ActorTestKit KIT = ActorTestKit.create("credits");
  private static final int LANES = 8;
  private static final int HELD_MAX = new WorkInHand(LANES).heldMax();
  private static final PolicyVersion VERSION = Samples.version(1, 1);
  private static final Outcome GOOD = new Outcome.Scored(1);

  private final TestProbe<ReplayActor.Command> replay = KIT.createTestProbe();
  private final TestProbe<RewardActor.Command> reward = KIT.createTestProbe();
  private final AtomicLong nanos = new AtomicLong(1);
  private final PolicyShelf shelf = new PolicyShelf();
  private ActorRef<RolloutActor.Command> rollout =
      KIT.<RolloutActor.Command>createTestProbe().ref();
  private long given;
  private long wanted;
  private long leases;
  private int offers;

  @BeforeEach
  void begin() {
    RunPeers peers =
        new RunPeers(
            new NodeActor.Singletons(
                KIT.<RunActor.Command>createTestProbe().getRef(),
                replay.getRef(),
                KIT.<PolicyRegistry.Command>createTestProbe().getRef(),
                KIT.<MonitorActor.Command>createTestProbe().getRef()));
    shelf.put(new Weightless(VERSION));
    rollout =
        KIT.spawn(
            RolloutActor.create(
                new RolloutActor.Surroundings(
                    "run",
                    "node/rollout-0",
                    new Instant(),
                    shelf,
                    peers,
                    KIT.<PolicyCache.Command>createTestProbe().getRef(),
                    KIT.<NodeActor.Command>createTestProbe().getRef(),
                    Samples.reward(RewardSpecification.OnFailedMember.DROP_MEMBER, 1),
                    Duration.ofMinutes(10),
                    _ -> {},
                    nanos::get)));
    rollout.tell(new RolloutActor.PolicyArrived(VERSION));
    rollout.tell(
        new RolloutActor.Rewards(List.of(new RewardAddress(Samples.VERIFIER, reward.getRef()))));
  }

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** Grants all that is asked for, up to {@code max}. */
  private void grantUntil(long max) {
    while (given < max) {
      if (replay.receiveMessage() instanceof ReplayActor.Demand demand) {
        wanted = demand.wanted();
        int more = (int) (Math.min(wanted, max) - given);
        if (more > 0) {
          grant(more);
        }
      }
    }
  }

  private void grant(int trajectories) {
    Group group = new Group(leases, Samples.task(leases), trajectories, Samples.VERIFIER);
    IntArray members = IntArray.of(IntStream.range(0, trajectories).toArray());
    LeaseId id = new LeaseId(1, ++leases);
    given += trajectories;
    rollout.tell(new RolloutActor.Work(new Lease(id, group, members, 1, Samples.LIMIT), 0));
  }

  /** The rollout actor says at every tick what it wants. */
  private void ticks(int count) {
    for (int ticks = 0; ticks < count; ) {
      ticks += replay.receiveMessage() instanceof ReplayActor.Demand ? 1 : 0;
    }
  }

  private List<Trajectory> toBeJudged(int trajectories) {
    List<Trajectory> all = new ArrayList<>();
    while (all.size() < trajectories) {
      if (reward.receiveMessage() instanceof RewardActor.Verify verify) {
        verify.requests().forEach(request -> all.add(request.trajectory()));
      }
    }
    return all;
  }

  /**
   * What comes to the replay actor up to the next question, some seconds after whatever came last;
   * offers are counted.
   */
  private ReplayActor.DoYouRead untilAskedAgain() {
    while (true) {
      nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      switch (replay.receiveMessage()) {
        case ReplayActor.DoYouRead asked -> {
          return asked;
        }
        case ReplayActor.Offer(var judged, _) -> offers += judged.size();
        default -> {}
      }
    }
  }

  @Test
  void samplesNoMoreThanItMayHoldWhileNothingIsJudged() {
    grantUntil(HELD_MAX);
    assertThat(toBeJudged(HELD_MAX)).hasSize(HELD_MAX).doesNotHaveDuplicates();
    for (int ticks = 0; ticks < 3; ) {
      if (replay.receiveMessage() instanceof ReplayActor.Demand demand) {
        assertThat(demand.wanted()).isLessThanOrEqualTo(HELD_MAX);
        ticks++;
      }
    }
  }

  @Test
  void sendsAFullRewardActorNothingUntilItHasRoom() {
    grantUntil(LANES);
    List<Trajectory> sent = toBeJudged(LANES);
    rollout.tell(
        new RolloutActor.Busy(
            sent.stream().map(one -> new RolloutActor.Refused(0, one.id())).toList(),
            reward.getRef()));
    grantUntil(3L * LANES);
    ticks(3);
    reward.expectNoMessage(Duration.ZERO);

    rollout.tell(new RolloutActor.Room(3, reward.getRef()));
    RewardActor.Verify some = reward.expectMessageClass(RewardActor.Verify.class);
    assertThat(some.requests()).hasSize(3);
    assertThat(some.waiting()).as("what has no place yet").isPositive();

    rollout.tell(new RolloutActor.Room(10 * LANES, reward.getRef()));
    assertThat(toBeJudged(3 * LANES - 3)).as("each of them once").doesNotHaveDuplicates();
    grantUntil(4L * LANES);
    assertThat(toBeJudged(LANES)).as("nothing waits: sent as it comes").hasSize(LANES);
  }

  @Test
  void triesAFullRewardActorWithOneWhenItSaysNothingForLong() {
    grantUntil(LANES);
    List<Trajectory> sent = toBeJudged(LANES);
    rollout.tell(
        new RolloutActor.Busy(
            sent.stream().map(one -> new RolloutActor.Refused(0, one.id())).toList(),
            reward.getRef()));
    ticks(2);
    reward.expectNoMessage(Duration.ZERO);
    nanos.addAndGet(RewardRoom.TRIED_AFTER.toNanos());
    assertThat(reward.expectMessageClass(RewardActor.Verify.class).requests()).hasSize(1);
  }

  @Test
  void offersNothingAgainToAReplayActorThatStandsStill() {
    grantUntil(LANES);
    List<RolloutActor.Verdict> verdicts = new ArrayList<>();
    for (Trajectory trajectory : toBeJudged(LANES)) {
      verdicts.add(
          new RolloutActor.Verdict(
              0, trajectory.id(), 1, Samples.VERIFIER, GOOD, Duration.ofMillis(1)));
    }
    rollout.tell(new RolloutActor.Judged(verdicts));
    rollout.tell(new RolloutActor.Judged(verdicts));
    ReplayActor.DoYouRead asked = untilAskedAgain();
    for (int i = 0; i < 3; i++) {
      asked = untilAskedAgain();
    }
    assertThat(offers).isZero();
    rollout.tell(new RolloutActor.ReplayReads(asked.number()));
    for (int i = 0; i < 3; i++) {
      untilAskedAgain();
    }
    assertThat(offers).as("once each, now that it reads").isEqualTo(LANES);
  }

  private record Weightless(PolicyVersion version) implements Policy {
    @Override
    public Policy retain() {
      return this;
    }

    @Override
    public void close() {}
  }

  /** Finishes at once whatever it is given. */
  private static final class Instant implements SamplerEngines {
    @Override
    public SamplerEngine create() {
      return new SamplerEngine() {
        private final List<Sample> samples = new ArrayList<>();

        @Override
        public void use(Policy policy) {}

        @Override
        public int freeLanes() {
          return LANES - samples.size();
        }

        @Override
        public void submit(Sample sample) {
          samples.add(sample);
        }

        @Override
        public List<Finished> advance() {
          List<Finished> done = new ArrayList<>();
          for (Sample sample : samples) {
            done.add(
                Finished.unjudged(
                    Samples.trajectory(sample.lease(), sample.id().member(), VERSION)));
          }
          samples.clear();
          return done;
        }

        @Override
        public boolean idle() {
          return samples.isEmpty();
        }

        @Override
        public long tokens() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public ThreadFactory threads() {
      return Thread.ofPlatform().daemon().name("sampler-", 1).factory();
    }

    @Override
    public int lanes() {
      return LANES;
    }
  }
}
