package dev.troupe.actors.serialization;

import com.google.protobuf.ByteString;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.node.NodeReport;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.Disagreement;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.Recipes;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.runs.RunsActor;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** At least one example of every message that crosses nodes. */
final class MessageExamples {
  private static final VerifierRef VERIFIER = new VerifierRef("exact", "1", "ab12");
  private static final PolicyVersion VERSION = new PolicyVersion(2, 345, 0, "cd34");
  private static final PolicyManifest MANIFEST =
      new PolicyManifest(
          VERSION,
          10,
          8,
          List.of(1, -2),
          "0123456789abcdef".repeat(4),
          List.of(new PolicyTensor("embed", 2, 8, 7)));
  private static final Swarm.Member MEMBER =
      new Swarm.Member(new WeightSource("10.0.0.1", 7357, false), "host:/scratch/weights");
  private static final ProcessorKind PROCESSOR =
      new ProcessorKind(
          "amd64", "EPYC", List.of("avx2"), List.of("MKL_CBWR=AVX2"), "cpu", "2.7.1", 1, 2);
  private static final UpdateTrace TRACE = new UpdateTrace("ab56", FloatArray.of(0.5f, -2f));
  private static final CheckpointRef CHECKPOINT = new CheckpointRef(340, 2, "ef56");
  private static final Task TASK =
      new Task(11, "sums", "1 digit", new TaskContent.Prompt("1+1=", "2"));
  private static final Group GROUP = new Group(12, TASK, 4, VERIFIER);
  private static final Lease LEASE =
      new Lease(new LeaseId(3, 9), GROUP, IntArray.of(0, 2), 2, Duration.ofSeconds(30));
  private static final TrajectoryId ID = new TrajectoryId(12, 2);
  private static final Trajectory TRAJECTORY =
      new Trajectory(
          ID,
          LEASE.id(),
          2,
          List.of(new VersionSpan(0, VERSION)),
          new TrajectoryBody.Completion(
              List.of(
                  new Segment(
                      Segment.Kind.PROMPT,
                      "1+1=",
                      IntArray.of(1, 5, 6),
                      false,
                      FloatArray.empty(),
                      FloatArray.empty()),
                  new Segment(
                      Segment.Kind.ANSWER,
                      "2",
                      IntArray.of(7, 2),
                      true,
                      FloatArray.of(-0.5f, -0.25f),
                      FloatArray.of(-0.75f, -0.125f))),
              TrajectoryBody.FinishReason.END_TOKEN));
  private static final JudgedTrajectory JUDGED =
      new JudgedTrajectory(TRAJECTORY, VERIFIER, new Outcome.Scored(1), Duration.ofMillis(3));

  private static final NodeOffer OFFER =
      new NodeOffer(
          "west-1",
          new HostPort("10.0.0.1", 7355),
          new HostPort("10.0.0.1", 7356),
          new HostPort("10.0.0.1", 7357),
          Set.of(Role.ROLLOUT, Role.REWARD),
          List.of("cuda:0", "cuda:1"),
          16,
          1L << 37,
          "0.1.0",
          2);

  private static final Optional<EnvironmentState> FROM =
      Optional.of(
          new EnvironmentState(
              4,
              new PluginPayload("CartPole-v1", "1", ByteString.copyFromUtf8("state")),
              TensorData.of(new double[] {0, 2.5}, 2),
              TensorData.of(new float[] {5, 6}, 2, 1)));

  private MessageExamples() {}

  /** Any reference does for each of an example's parties. */
  static List<Wire> all(ActorRef<Object> anyone) {
    ActorRef<RolloutActor.Command> rollout = anyone.narrow();
    ActorRef<RewardActor.Command> reward = anyone.narrow();
    ActorRef<LearnerActor.Command> learner = anyone.narrow();
    ActorRef<RunActor.Command> run = anyone.narrow();
    return List.of(
        new RolloutActor.Work(LEASE, 344),
        new RolloutActor.Work(LEASE, 344, FROM),
        new RolloutActor.Unwanted(LEASE.id(), List.of(ID)),
        new RolloutActor.Recorded(List.of(new RolloutActor.Receipt(ID, 2))),
        new RolloutActor.Judged(
            List.of(
                new RolloutActor.Verdict(
                    7,
                    ID,
                    2,
                    VERIFIER,
                    new Outcome.TimedOut(Duration.ofSeconds(1)),
                    Duration.ofNanos(5)),
                new RolloutActor.Verdict(
                    0, ID, 1, VERIFIER, new Outcome.Scored(0.5), Duration.ZERO))),
        new RolloutActor.Busy(
            List.of(new RolloutActor.Refused(0, ID), new RolloutActor.Refused(7, ID)), reward),
        new RolloutActor.Room(4, reward),
        new RolloutActor.ReplayReads(-9),
        new RolloutActor.Pong(reward),
        new RolloutActor.Rewards(List.of(new RewardAddress(VERIFIER, reward))),
        new RolloutActor.PolicyArrived(VERSION),
        new RolloutActor.Evaluate(7, 1, VERSION, VERIFIER, List.of(TASK), run),
        new RewardActor.Verify(
            List.of(
                new RewardActor.Request(7, TASK, TRAJECTORY),
                new RewardActor.Request(0, TASK, TRAJECTORY)),
            3,
            rollout),
        new RewardActor.Ping(rollout),
        new ReplayActor.Demand("node/rollout-0", rollout, -5, 6, 7, true, List.of(LEASE.id())),
        new ReplayActor.Offer(List.of(JUDGED, JUDGED), rollout),
        new ReplayActor.DoYouRead(-9, rollout),
        new ReplayActor.WhereToBegin(learner),
        new ReplayActor.BeginIncarnation(2, 340, 90, PROCESSOR, learner),
        new ReplayActor.NextBatch(2, 91, 250, learner),
        new ReplayActor.Updated(VERSION, 95, true, TRACE),
        new ReplayActor.CheckpointWritten(2, CHECKPOINT, 90, 250, learner),
        new ReplayActor.Hold("the run drains"),
        new ReplayActor.GoOn(),
        new ReplayActor.NodeLost("node"),
        new ReplayActor.EndRun("enough"),
        new ReplayActor.Close(),
        new LearnerActor.BeginFrom(0, Optional.empty()),
        new LearnerActor.BeginFrom(2, Optional.of(new LedgerEvent.Committed(CHECKPOINT, 90, 250))),
        new LearnerActor.Begun(3),
        new LearnerActor.BatchReady(new Batch(91, List.of(new BatchGroup(GROUP, List.of(JUDGED))))),
        new LearnerActor.BatchPart(91, 1, 3, ByteString.copyFromUtf8("bytes")),
        new LearnerActor.CheckpointCounts(CHECKPOINT),
        new LearnerActor.Refused(2, "a newer one lives"),
        new LearnerActor.Finish("drained"),
        new LearnerActor.Pause(),
        new LearnerActor.GoOn(),
        new LearnerActor.KeepBest(340),
        new PolicyRegistry.Publish(VERSION, true),
        new PolicyRegistry.Release(VERSION),
        new PolicyRegistry.Join(anyone.narrow()),
        new PolicyRegistry.Wants(VERSION, anyone.narrow(), MEMBER),
        new PolicyRegistry.Has(VERSION, anyone.narrow(), MEMBER, Optional.empty()),
        new PolicyRegistry.Has(VERSION, anyone.narrow(), MEMBER, Optional.of(MANIFEST)),
        new PolicyCache.Serve(VERSION),
        new PolicyCache.Fetch(
            MANIFEST,
            new PullPlan(List.of(MEMBER.source(), new WeightSource("learner", 7357, true)), 2, 3)),
        new PolicyCache.Announce(VERSION, true),
        new PolicyCache.Release(VERSION),
        new PolicyCache.Subscribe(rollout),
        new NodeActor.Enlist(
            "sums",
            1L << 33,
            Recipes.small().build(),
            new NodeActor.Singletons(run, anyone.narrow(), anyone.narrow(), anyone.narrow()),
            3,
            2,
            true,
            "shared-1",
            List.of(new VerifierVersion(VERIFIER, "{}")),
            Optional.of(new VerifierVersion(VERIFIER, "{}"))),
        new NodeActor.Dismiss("sums", 7),
        new NodeActor.RewardsOfRun("sums", 7, List.of(new RewardAddress(VERIFIER, reward))),
        new NodeActor.Unresponsive("sums", reward),
        new NodeActor.WhatDoYouOffer(anyone.narrow()),
        new NodeActor.Drain(true),
        new NodeActor.GetLog(3, 100, anyone.narrow()),
        new RunsActor.NodePresent(
            OFFER, anyone.narrow(), List.of("sums"), Map.of("sums", 2), true, "why"),
        new RunsActor.LogLines(3, "one line"),
        new RunsActor.WhereIsTheApi(anyone.narrow()),
        new RunsActor.ApiIsHere(new HostPort("::1", 7356)),
        new MonitorActor.Seen("learner", 17, "batch [91]"),
        new MonitorActor.SamplerSeen("node/rollout-0", -1, 2, 3),
        new MonitorActor.LearnerSeen(-1, 2, 3),
        new MonitorActor.SupervisedMade(3, 250, 4_096, 0.25, Map.of("loss", 1.5)),
        new MonitorActor.UpdateMade(VERSION, 95, false, 4_096, 512, 700, 0.5, Map.of("loss", 1.5)),
        new MonitorActor.ReinforcedBegan(),
        new MonitorActor.Restarted("reward-1", "boom"),
        new RunActor.Compared(
            VERIFIER,
            new ShadowFigures(
                9,
                1,
                7,
                8,
                4.5,
                5.5,
                1,
                0,
                List.of(
                    new Disagreement(
                        "1+1=", "3", new Outcome.Scored(0), new Outcome.Crashed("boom"))))),
        new RunActor.NodeReported(
            new NodeReport(
                "node",
                7,
                List.of(new NodeReport.Rollout("node/rollout-0", rollout, -5)),
                List.of(new RewardAddress(VERIFIER, reward)),
                Optional.of(learner))),
        new RunActor.NodeReported(
            new NodeReport("node", 7, List.of(), List.of(), Optional.empty())),
        new RunActor.RewardUnresponsive(reward),
        new RunActor.Reinforced(VERSION, 90, 250),
        new RunActor.UpdateMade(VERSION, 95, true),
        new RunActor.CheckpointCommitted(CHECKPOINT),
        new RunActor.LearnerFinished("enough", Optional.of(VERSION), 95, Optional.of(CHECKPOINT)),
        new RunActor.LearnerFinished("drained", Optional.empty(), 0, Optional.empty()),
        new RunActor.EvaluationPartDone(7, 1, 16, List.of(JUDGED)),
        new RunActor.EvaluationImpossible(7, 1, VERSION),
        new RunActor.Fail("no disk"));
  }
}
