package dev.troupe.actors.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.Parcels;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class RewardActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create("reward");
  private static final Outcome GOOD = new Outcome.Scored(1);

  private final TestProbe<ReplayActor.Command> replay = KIT.createTestProbe();
  private final TestProbe<RolloutActor.Command> rollout = KIT.createTestProbe();
  private final List<CompletableFuture<Outcome>> asked = new CopyOnWriteArrayList<>();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** Takes {@code room} trajectories; nothing is judged before the test says so. */
  private ActorRef<RewardActor.Command> rewardActor(int room) {
    return rewardActor(
        _ -> {
          CompletableFuture<Outcome> outcome = new CompletableFuture<>();
          return room(room) > 0 && asked.add(outcome) ? Optional.of(outcome) : Optional.empty();
        },
        () -> room(room));
  }

  private int room(int room) {
    return room - (int) asked.stream().filter(outcome -> !outcome.isDone()).count();
  }

  private ActorRef<RewardActor.Command> rewardActor(
      Function<Trajectory, Optional<CompletionStage<Outcome>>> outcomes, IntSupplier room) {
    RunPeers peers =
        new RunPeers(
            new NodeActor.Singletons(
                KIT.<RunActor.Command>createTestProbe().getRef(),
                replay.getRef(),
                KIT.<PolicyRegistry.Command>createTestProbe().getRef(),
                KIT.<MonitorActor.Command>createTestProbe().getRef()));
    Judge judge =
        new Judge() {
          @Override
          public VerifierRef ref() {
            return Samples.VERIFIER;
          }

          @Override
          public Optional<CompletionStage<Outcome>> judge(Task task, Trajectory trajectory) {
            return outcomes.apply(trajectory);
          }

          @Override
          public int room() {
            return room.getAsInt();
          }

          @Override
          public void close() {}
        };
    return KIT.spawn(RewardActor.create(() -> judge, peers, _ -> {}, System::nanoTime));
  }

  private static Lease lease(int members) {
    Group group = new Group(0, Samples.task(0), members, Samples.VERIFIER);
    return new Lease(
        new LeaseId(1, 1),
        group,
        IntArray.of(IntStream.range(0, members).toArray()),
        1,
        Samples.LIMIT);
  }

  private static List<RewardActor.Request> requests(int members, int ofEvaluation) {
    List<RewardActor.Request> requests = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      requests.add(
          new RewardActor.Request(
              member < ofEvaluation ? 9 : 0,
              Samples.task(0),
              Samples.trajectory(lease(members), member, Samples.version(1, 1))));
    }
    return requests;
  }

  private void judge(int... which) {
    for (int one : which) {
      asked.get(one).complete(GOOD);
    }
  }

  /** The pong shows that what came before it was read. */
  private void ask(ActorRef<RewardActor.Command> reward, List<RewardActor.Request> all) {
    reward.tell(new RewardActor.Verify(all, 0, rollout.getRef()));
    reward.tell(new RewardActor.Ping(rollout.getRef()));
  }

  @Test
  void whatCameTogetherAndIsJudgedGoesTogether() {
    ActorRef<RewardActor.Command> reward = rewardActor(10);
    ask(reward, requests(5, 2));
    rollout.expectMessageClass(RolloutActor.Pong.class);
    judge(4, 3, 2, 1, 0);
    RolloutActor.Judged judged = rollout.expectMessageClass(RolloutActor.Judged.class);
    List<Integer> told = new ArrayList<>();
    while (true) {
      judged.verdicts().forEach(verdict -> told.add(verdict.id().member()));
      if (told.size() == 5) {
        break;
      }
      judged = rollout.expectMessageClass(RolloutActor.Judged.class);
    }
    assertThat(told).containsExactly(4, 3, 2, 1, 0);
    List<Integer> offered = new ArrayList<>();
    while (offered.size() < 3) {
      replay
          .expectMessageClass(ReplayActor.Offer.class)
          .judged()
          .forEach(one -> offered.add(one.trajectory().id().member()));
    }
    assertThat(offered).as("of training only").containsExactly(4, 3, 2);
  }

  @Test
  void verdictsThatAreThereAtOnceLeaveInOneMessage() {
    ActorRef<RewardActor.Command> reward =
        rewardActor(
            _ -> Optional.of(CompletableFuture.completedFuture(GOOD)), () -> Integer.MAX_VALUE);
    reward.tell(new RewardActor.Verify(requests(5, 2), 0, rollout.getRef()));
    assertThat(rollout.expectMessageClass(RolloutActor.Judged.class).verdicts()).hasSize(5);
    assertThat(replay.expectMessageClass(ReplayActor.Offer.class).judged()).hasSize(3);
    rollout.expectNoMessage();
  }

  @Test
  void whatItHasNoRoomForComesBackAndTheRestIsJudged() {
    ActorRef<RewardActor.Command> reward = rewardActor(2);
    ask(reward, requests(5, 0));
    assertThat(rollout.expectMessageClass(RolloutActor.Busy.class).refused())
        .extracting(refused -> refused.id().member())
        .containsExactly(2, 3, 4);
    rollout.expectMessageClass(RolloutActor.Pong.class);
    judge(0);
    assertThat(rollout.expectMessageClass(RolloutActor.Judged.class).verdicts()).hasSize(1);
    assertThat(rollout.expectMessageClass(RolloutActor.Room.class).places()).isEqualTo(1);
    judge(1);
    assertThat(rollout.expectMessageClass(RolloutActor.Judged.class).verdicts()).hasSize(1);
  }

  @Test
  void whatHasRoomIsSharedByThoseWhoHaveMore() {
    TestProbe<RolloutActor.Command> other = KIT.createTestProbe();
    ActorRef<RewardActor.Command> reward = rewardActor(4);
    ask(reward, requests(4, 0));
    rollout.expectMessageClass(RolloutActor.Pong.class);
    reward.tell(new RewardActor.Verify(requests(1, 0), 9, rollout.getRef()));
    reward.tell(new RewardActor.Verify(requests(2, 0), 0, other.getRef()));
    assertThat(rollout.expectMessageClass(RolloutActor.Busy.class).refused()).hasSize(1);
    assertThat(other.expectMessageClass(RolloutActor.Busy.class).refused()).hasSize(2);
    judge(0, 1, 2, 3);
    int places = 0;
    while (places == 0) {
      if (rollout.receiveMessage() instanceof RolloutActor.Room room) {
        places = room.places();
      }
    }
    assertThat(places + other.expectMessageClass(RolloutActor.Room.class).places())
        .as("no more than there is room for")
        .isBetween(2, 4);
  }

  @Test
  void aSlowVerdictKeepsNobodyWaiting() {
    ActorRef<RewardActor.Command> reward = rewardActor(3);
    ask(reward, requests(3, 0));
    rollout.expectMessageClass(RolloutActor.Pong.class);
    judge(1);
    RolloutActor.Judged judged = rollout.expectMessageClass(RolloutActor.Judged.class);
    assertThat(judged.verdicts()).extracting(verdict -> verdict.id().member()).containsExactly(1);
    assertThat(replay.expectMessageClass(ReplayActor.Offer.class).judged()).hasSize(1);
  }

  @Test
  void longTrajectoriesTravelInMessagesOfBoundedLength() {
    List<Trajectory> all = new ArrayList<>();
    for (int member = 0; member < 100; member++) {
      all.add(ofBytes(member, member == 50 ? 10 * Parcels.BYTES_MAX : 6_000));
    }
    List<List<Trajectory>> parcels = Parcels.of(all, Parcels::bytes);
    assertThat(parcels.stream().flatMap(List::stream).toList()).isEqualTo(all);
    assertThat(parcels).hasSizeBetween(5, 8);
    assertThat(parcels)
        .allSatisfy(
            parcel ->
                assertThat(
                        parcel.size() == 1
                            || parcel.stream().mapToLong(Parcels::bytes).sum() <= Parcels.BYTES_MAX)
                    .isTrue());
    assertThat(Parcels.of(List.<Trajectory>of(), Parcels::bytes)).isEmpty();
    assertThat(Parcels.of(all, _ -> 0)).hasSize(1);
  }

  private static Trajectory ofBytes(int member, int bytes) {
    int tokens = bytes / 13;
    Trajectory small = Samples.trajectory(lease(100), member, Samples.version(1, 1));
    return new Trajectory(
        small.id(),
        small.lease(),
        1,
        small.versions(),
        new TrajectoryBody.Completion(
            List.of(
                new Segment(
                    Segment.Kind.ANSWER,
                    "a".repeat(tokens),
                    IntArray.of(new int[tokens]),
                    true,
                    FloatArray.of(new float[tokens]),
                    FloatArray.of(new float[tokens]))),
            TrajectoryBody.FinishReason.LENGTH));
  }
}
