package dev.troupe.learner;

import dev.troupe.learner.PolicyLearner.LearnerContext;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SamplingSpecification.Switching;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Segment.Kind;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A run on a decoder of two small layers. Its task: after the prompt, say {@link #RIGHT}; the
 * behaviour policy says {@link #RIGHT} or {@link #WRONG} with equal probability.
 */
final class TinyRun {
  static final int RIGHT = 3;
  static final int WRONG = 4;
  static final int END = 2;

  final Specifications learner = new Specifications();
  int threads = 1;
  int sftSteps;
  int lag;
  double temperature = 1;
  String initFrom = "";

  RunSpecification specification() {
    return new RunSpecification(
        "tiny",
        7,
        new ModelSpecification(
            16,
            2,
            4,
            2,
            4,
            24,
            32,
            10_000,
            1e-5,
            true,
            0.1,
            new ModelSpecification.Tokenizer.Characters("abcde"),
            initFrom),
        new TaskSpecification.Jsonl("tasks.jsonl", "{prompt}", "answer", "", 1),
        new SamplingSpecification(
            temperature, 0, 1, 8, List.of(), 8, 4, Switching.BETWEEN_EPISODES),
        new RewardSpecification(
            "exact",
            "1",
            Duration.ofSeconds(1),
            1,
            1,
            8,
            3,
            OnFailedMember.DROP_MEMBER,
            10,
            0.5,
            Duration.ZERO),
        new ReplaySpecification(
            4,
            4,
            2,
            1,
            OnStraggler.DROP,
            false,
            Orphans.ADMIT,
            Duration.ofSeconds(10),
            1 << 20,
            JournalRetain.ALL,
            0),
        new SftSpecification(
            sftSteps,
            8,
            new SftSpecification.Corpus.References(),
            new OptimizerSpecification(1e-2, 0.9, 0.95, 1e-8, 0, 2, Schedule.CONSTANT, 0, 1)),
        learner.learner(),
        new EvaluationSpecification(0, 1),
        new CheckpointSpecification(1, 2),
        new StopSpecification(100, 0, Duration.ZERO, 0, 0),
        new RuntimeSpecification(1, threads, "cpu", "cpu", Duration.ofSeconds(60), 1),
        Map.of());
  }

  LearnerContext context(int incarnation) {
    return new LearnerContext(
        specification(), incarnation, Path::of, TorchRuntime.threads("tiny-learner"));
  }

  PolicyLearner fresh() {
    return PolicyLearner.fresh(context(1));
  }

  /**
   * Batch {@code number}: groups of four, sampled from a fixed seed, prompts of several lengths.
   */
  Batch batch(long number) {
    SplittableRandom random = new SplittableRandom(number);
    List<BatchGroup> groups = new ArrayList<>();
    for (int g = 0; g < 4; g++) {
      long group = (number - 1) * 4 + g;
      VerifierRef verifier = new VerifierRef("exact", "1", "0".repeat(64));
      Task task = new Task(group, "tiny", "", new TaskContent.Prompt("p", "r"));
      List<JudgedTrajectory> members = new ArrayList<>();
      for (int m = 0; m < 4; m++) {
        boolean right = random.nextBoolean();
        members.add(
            new JudgedTrajectory(
                trajectory(number, new TrajectoryId(group, m), 1 + g, right),
                verifier,
                new Outcome.Scored(right ? 1 : 0),
                Duration.ZERO));
      }
      groups.add(new BatchGroup(new Group(group, task, 4, verifier), members));
    }
    return new Batch(number, groups);
  }

  private Trajectory trajectory(long number, TrajectoryId id, int promptLength, boolean right) {
    int[] prompt = new int[promptLength];
    java.util.Arrays.fill(prompt, 5);
    float half = (float) Math.log(0.5);
    FloatArray logProbs = FloatArray.of(half, 0f);
    PolicyVersion version =
        new PolicyVersion(1, Math.max(0, sftSteps + number - 1 - lag), 0, "0".repeat(64));
    return new Trajectory(
        id,
        new LeaseId(1, 1),
        1,
        List.of(new VersionSpan(0, version)),
        new Completion(
            List.of(
                new Segment(
                    Kind.PROMPT,
                    "",
                    IntArray.of(prompt),
                    false,
                    FloatArray.empty(),
                    FloatArray.empty()),
                new Segment(
                    Kind.ANSWER,
                    "",
                    IntArray.of(right ? RIGHT : WRONG, END),
                    true,
                    logProbs,
                    logProbs)),
            FinishReason.END_TOKEN));
  }

  /** Examples of supervised step {@code step}: counting upwards. */
  static List<TrainingSequence> examples(long step) {
    SplittableRandom random = new SplittableRandom(100 + step);
    List<TrainingSequence> examples = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int first = random.nextInt(5);
      examples.add(
          TrainingSequence.supervised(IntArray.of(first), IntArray.of(first + 1, first + 2, END)));
    }
    return examples;
  }

  static String hash(PolicyLearner learner) {
    try (PolicySnapshot snapshot = learner.snapshot()) {
      return snapshot.version().hash();
    }
  }
}
