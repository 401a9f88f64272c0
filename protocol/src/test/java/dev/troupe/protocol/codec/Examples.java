package dev.troupe.protocol.codec;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.GroupRange;
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
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RopeScaling;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
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
import java.util.OptionalDouble;

/** One plausible value of every record, no two fields alike. */
public final class Examples {
  public static final Task SUM =
      new Task(17, "sums", "2 digits, 1 carry", new TaskContent.Prompt("47+85=", "231"));
  public static final Task POLE =
      new Task(3, "CartPole-v1", "", new TaskContent.Environment("CartPole-v1", -9L, 2, 3));
  public static final VerifierRef EXACT = new VerifierRef("exact", "2", "ab12");
  public static final VerifierVersion EXACT_VERSION =
      new VerifierVersion(EXACT, "{\"case\":false}");
  public static final Group GROUP = new Group(5, SUM, 8, EXACT);
  public static final LeaseId LEASE_ID = new LeaseId(2, 41);
  public static final Lease LEASE =
      new Lease(LEASE_ID, GROUP, IntArray.of(0, 1, 6), 3, Duration.ofMillis(12_345));
  public static final PolicyVersion VERSION = new PolicyVersion(1, 420, 7, "c0ffee");
  public static final PolicyManifest MANIFEST =
      new PolicyManifest(
          VERSION,
          10,
          4,
          List.of(1, -2, Integer.MIN_VALUE),
          "0123456789abcdef".repeat(4),
          List.of(new PolicyTensor("embed", 2, 8, -1)));

  public static final TrajectoryBody.Completion COMPLETION =
      new TrajectoryBody.Completion(
          List.of(
              new Segment(
                  Segment.Kind.PROMPT,
                  "47+85=",
                  IntArray.of(7, 10, 3, 11, 8, 4),
                  false,
                  FloatArray.empty(),
                  FloatArray.empty()),
              new Segment(
                  Segment.Kind.ANSWER,
                  "231→",
                  IntArray.of(5, 6, 4, Integer.MAX_VALUE),
                  true,
                  FloatArray.of(-0.5f, -0.25f, -0.0f, -103.5f),
                  FloatArray.of(-0.75f, -1e-20f, -3f, Float.NEGATIVE_INFINITY)),
              new Segment(
                  Segment.Kind.TOOL_OUTPUT,
                  "ok",
                  IntArray.of(1),
                  false,
                  FloatArray.empty(),
                  FloatArray.empty())),
          TrajectoryBody.FinishReason.STOP_STRING);

  public static final TrajectoryBody.EnvironmentFragment FRAGMENT =
      new TrajectoryBody.EnvironmentFragment(
          TensorData.of(new float[12], 3, 2, 2),
          TensorData.of(new int[] {0, 1, 1, 0, 0, 1}, 3, 2, 1),
          TensorData.of(new float[] {-1, -2, -3, -4, -5, -6}, 3, 2),
          TensorData.of(new double[] {1, 1, 1, 1, 1, 0.5}, 3, 2),
          TensorData.of(new boolean[] {false, false, true, false, false, false}, 3, 2),
          TensorData.of(new boolean[] {false, true, false, false, false, false}, 3, 2),
          TensorData.of(new boolean[] {false, false, false, true, false, false}, 3, 2),
          TensorData.of(new float[] {9, 8}, 1, 2),
          TensorData.of(new float[] {1, 2, 3, 4}, 2, 2),
          TensorData.of(new float[] {5, 6, 7, 8, 9, 10}, 2, 3),
          TensorData.of(new double[] {0, 2.5}, 2),
          TensorData.of(new double[] {7, 20}, 2),
          TensorData.of(new int[] {7, 20}, 2),
          Optional.of(
              new EnvironmentState(
                  4,
                  new PluginPayload("CartPole-v1", "1", ByteString.copyFrom(new byte[] {3, -1})),
                  TensorData.of(new double[] {0, 2.5}, 2),
                  TensorData.of(new float[] {5, 6, 7, 8, 9, 10}, 2, 3))));

  public static final Trajectory SAMPLE =
      new Trajectory(
          new TrajectoryId(5, 6),
          LEASE_ID,
          3,
          List.of(
              new VersionSpan(0, VERSION),
              new VersionSpan(2, new PolicyVersion(1, 421, 0, "beef"))),
          COMPLETION);
  public static final Trajectory FRAGMENT_SAMPLE =
      new Trajectory(
          new TrajectoryId(6, 0), LEASE_ID, 1, List.of(new VersionSpan(0, VERSION)), FRAGMENT);

  public static final Outcome.Scored SCORED =
      new Outcome.Scored(
          0.75,
          List.of(new Outcome.Part("digits", 0.5), new Outcome.Part("length", 0.25)),
          Optional.of(
              new PluginPayload("sums", "1.2", ByteString.copyFrom(new byte[] {1, 0, -1}))));
  public static final JudgedTrajectory JUDGED =
      new JudgedTrajectory(SAMPLE, EXACT, SCORED, Duration.ofNanos(1_234_567));
  public static final Batch BATCH = new Batch(9, List.of(new BatchGroup(GROUP, List.of(JUDGED))));

  public static final CheckpointRef CHECKPOINT = new CheckpointRef(120, 4, "5ha256");
  public static final CheckpointState STATE =
      new CheckpointState(
          VERSION,
          20,
          400,
          399,
          418,
          2,
          Map.of("dropout", Long.MIN_VALUE, "batch order", 77L),
          Map.of("loss", -0.125, "accuracy", 0.5));

  public static final List<Task> TASKS = List.of(SUM, POLE);
  public static final List<Trajectory> TRAJECTORIES = List.of(SAMPLE, FRAGMENT_SAMPLE);
  public static final List<Outcome> OUTCOMES =
      List.of(
          SCORED,
          new Outcome.Scored(-1),
          new Outcome.Invalid("no answer"),
          new Outcome.TimedOut(Duration.ofSeconds(2)),
          new Outcome.Crashed("NullPointerException"));

  public static final UpdateTrace TRACE =
      new UpdateTrace("5e".repeat(32), FloatArray.of(0.5f, -0f, Float.MIN_VALUE, 3e38f));

  public static final ProcessorKind PROCESSOR =
      new ProcessorKind(
          "amd64",
          "EPYC",
          List.of("avx2", "fma"),
          List.of("ATEN_CPU_CAPABILITY=avx2"),
          "cpu",
          "2.7.1",
          1,
          2);

  public static final List<LedgerEvent> EVENTS =
      List.of(
          new LedgerEvent.EpochBegan(3, 1_700_000_000_123L, "x86_64 AVX2, 2 threads"),
          new LedgerEvent.Granted(LEASE, "rollout-1"),
          new LedgerEvent.Recorded(JUDGED),
          new LedgerEvent.Dropped(new TrajectoryId(5, 7), DropReason.STALE, "lag 3", 17),
          new LedgerEvent.BatchCut(
              9, List.of(new TrajectoryId(5, 6), new TrajectoryId(0, 0), new TrajectoryId(5, 1))),
          new LedgerEvent.Updated(VERSION, 9, true),
          new LedgerEvent.Updated(VERSION, 9, false, TRACE),
          new LedgerEvent.IncarnationBegan(2, 400, 8),
          new LedgerEvent.IncarnationBegan(3, 400, 8, PROCESSOR),
          new LedgerEvent.Committed(CHECKPOINT, 9, 400),
          new LedgerEvent.VerifierChosen(EXACT_VERSION, 40, 1_700_000_000_456L),
          new LedgerEvent.RunEnded("updates reached"),
          new LedgerEvent.Summarised(
              3,
              12,
              List.of(new GroupRange(0, 99), new GroupRange(101, 101)),
              808,
              640,
              List.of(new DropCount(DropReason.STALE, "2 digits", 4, 168)),
              640,
              9,
              List.of(new LedgerEvent.Committed(CHECKPOINT, 9, 400)),
              List.of(new LedgerEvent.IncarnationBegan(2, 400, 8)),
              1_000,
              11,
              1,
              900,
              7,
              List.of(new LedgerEvent.VerifierChosen(EXACT_VERSION, 4, 99))));

  private static final OptimizerSpecification ADAM =
      new OptimizerSpecification(
          3e-4, 0.9, 0.95, 1e-8, 0.1, 20, OptimizerSpecification.Schedule.COSINE, 0.1, 1.0);

  public static final RunSpecification RUN =
      run(
          new ModelSpecification.Tokenizer.Characters("0123456789+-=\n→"),
          new TaskSpecification.Sums(2, List.of("+", "-"), true, true, 500),
          new SftSpecification.Corpus.Generated(0.6));

  public static final List<RunSpecification> RUNS =
      List.of(
          RUN,
          run(
              new ModelSpecification.Tokenizer.Bytes(),
              new TaskSpecification.Jsonl("math.jsonl", "{question}", "answer", "level", 12),
              new SftSpecification.Corpus.Jsonl("warm.jsonl")),
          run(
              new ModelSpecification.Tokenizer.Bytes(),
              new TaskSpecification.Sums(1, List.of("+"), false, false, 0),
              new SftSpecification.Corpus.References()),
          inEnvironments(
              RUN,
              new ControlRun(
                  new EnvironmentSpecification(
                      "CartPole-v1",
                      Map.of("time-limit", "200"),
                      64,
                      32,
                      EnvironmentSpecification.Autoreset.NEXT_STEP,
                      Duration.ofSeconds(3)),
                  new ControlSpecification(
                      ControlSpecification.Algorithm.PPO,
                      new ControlSpecification.Layers(
                          List.of(64, 32), ControlSpecification.Recurrence.NONE, 0),
                      new ControlSpecification.Returns(
                          0.98, 0.9, ControlSpecification.Bootstrap.NEVER_AFTER_DONE),
                      new ControlSpecification.Objective(0.2, 0.3, 0.5, 0.01, true, 0.03),
                      4,
                      8,
                      ADAM,
                      new ControlSpecification.Normalisation(true, false, 10),
                      new ControlSpecification.Correction(1, 2, 3, 4, 0.25),
                      new ControlSpecification.Adjustment(
                          ControlSpecification.AdjustmentMethod.PROPS,
                          2,
                          3,
                          1e-3,
                          16,
                          32,
                          0.3,
                          0.1,
                          0.05,
                          0.5,
                          true),
                      6))));

  private Examples() {}

  private static RunSpecification inEnvironments(RunSpecification run, ControlRun control) {
    return new RunSpecification(
        run.name(),
        run.seed(),
        run.model(),
        run.tasks(),
        run.sampling(),
        run.reward(),
        run.replay(),
        run.sft(),
        run.learner(),
        run.evaluation(),
        run.checkpoints(),
        new StopSpecification(100, 0, Duration.ZERO, 0, 0, OptionalDouble.of(-85.5)),
        run.runtime(),
        run.files(),
        Optional.of(control));
  }

  private static RunSpecification run(
      ModelSpecification.Tokenizer tokenizer,
      TaskSpecification tasks,
      SftSpecification.Corpus corpus) {
    return new RunSpecification(
        "sums",
        -42L,
        new ModelSpecification(
            192,
            6,
            8,
            2,
            32,
            512,
            64,
            10_000,
            1e-6,
            true,
            0.02,
            tokenizer,
            "runs/base",
            true,
            false,
            new RopeScaling(8, 1, 4, 32)),
        tasks,
        new SamplingSpecification(
            0.8,
            40,
            0.95,
            33,
            List.of("\n", "##"),
            64,
            16,
            SamplingSpecification.Switching.BETWEEN_TOKENS),
        new RewardSpecification(
            "exact",
            "2",
            "{\"a\":1}",
            Duration.ofMillis(1500),
            1,
            3,
            256,
            4,
            RewardSpecification.OnFailedMember.DROP_GROUP,
            1000,
            0.25,
            Duration.ofMillis(50),
            RewardSpecification.PastBudget.PAUSE,
            new RewardSpecification.Trial(64, 0.125, 0.5)),
        new ReplaySpecification(
            64,
            8,
            2,
            1,
            ReplaySpecification.OnStraggler.HOLD,
            true,
            ReplaySpecification.Orphans.DROP,
            Duration.ofSeconds(60),
            67_108_864L,
            ReplaySpecification.JournalRetain.SINCE_OLDEST_CHECKPOINT,
            1_000_000_000L),
        new SftSpecification(400, 48, corpus, ADAM),
        new LearnerSpecification(
            LearnerSpecification.Advantage.DR_GRPO,
            0.99,
            "ppo-clip",
            0.2,
            0.28,
            3,
            LearnerSpecification.OldPolicy.RECOMPUTED,
            LearnerSpecification.Importance.SEQUENCE,
            2,
            LearnerSpecification.Kl.K3,
            0.01,
            -0.001,
            LearnerSpecification.Aggregation.CONSTANT_LENGTH,
            34,
            1,
            2,
            65,
            LearnerSpecification.Compute.BFLOAT16,
            5,
            ADAM),
        new EvaluationSpecification(25, 500),
        new CheckpointSpecification(20, 3),
        new StopSpecification(100, 51_200, Duration.ofMinutes(30), 0.97, 6),
        new RuntimeSpecification(1, 2, "cpu", "cuda:0", Duration.ofSeconds(31), 0.5),
        Map.of("math.jsonl", "aa", "loss.py", "bb"));
  }
}
