package dev.troupe.actors.ledger;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Small recipes and trajectories for tests. */
public final class Samples {
  public static final VerifierRef VERIFIER = new VerifierRef("exact", "1", "v");

  /** Another version of it; 1 is {@link #VERIFIER}. */
  public static VerifierVersion verifier(int version) {
    VerifierRef ref =
        version == 1 ? VERIFIER : new VerifierRef("exact", Integer.toString(version), "v");
    return new VerifierVersion(ref, RewardSpecification.NO_SETTINGS);
  }

  public static final Duration LIMIT = Duration.ofSeconds(60);
  public static final CheckpointSpecification KEEP_TWO = new CheckpointSpecification(1, 2);

  private Samples() {}

  public static Task task(long number) {
    return new Task(
        number, "sums", number % 2 == 0 ? "easy" : "hard", new TaskContent.Prompt("1+1=", "2"));
  }

  /** Batches of {@code groups} groups of {@code size}. */
  public static ReplaySpecification replay(int groups, int size, int lag) {
    return new ReplaySpecification(
        groups,
        size,
        lag,
        1,
        OnStraggler.DROP,
        false,
        Orphans.ADMIT,
        LIMIT,
        1 << 20,
        JournalRetain.ALL,
        0);
  }

  public static ReplaySpecification filtering(ReplaySpecification r) {
    return new ReplaySpecification(
        r.groups(),
        r.groupSize(),
        r.policyLagMax(),
        r.reuse(),
        r.onStraggler(),
        true,
        r.orphans(),
        r.leaseLimit(),
        r.journalSegmentBytes(),
        r.journalRetain(),
        r.diskFreeMin());
  }

  public static ReplaySpecification reusing(ReplaySpecification r, int reuse) {
    return new ReplaySpecification(
        r.groups(),
        r.groupSize(),
        r.policyLagMax(),
        reuse,
        r.onStraggler(),
        r.filterUniform(),
        r.orphans(),
        r.leaseLimit(),
        r.journalSegmentBytes(),
        r.journalRetain(),
        r.diskFreeMin());
  }

  public static ReplaySpecification with(
      ReplaySpecification r, OnStraggler straggler, Orphans orphans) {
    return new ReplaySpecification(
        r.groups(),
        r.groupSize(),
        r.policyLagMax(),
        r.reuse(),
        straggler,
        r.filterUniform(),
        orphans,
        r.leaseLimit(),
        r.journalSegmentBytes(),
        r.journalRetain(),
        r.diskFreeMin());
  }

  public static ReplaySpecification retaining(
      ReplaySpecification r, JournalRetain retain, long segmentBytes) {
    return new ReplaySpecification(
        r.groups(),
        r.groupSize(),
        r.policyLagMax(),
        r.reuse(),
        r.onStraggler(),
        r.filterUniform(),
        r.orphans(),
        r.leaseLimit(),
        segmentBytes,
        retain,
        r.diskFreeMin());
  }

  public static RewardSpecification reward(OnFailedMember onFailed, long budget) {
    return new RewardSpecification(
        "exact", "1", Duration.ofSeconds(1), 1, 1, 10, 3, onFailed, budget, 1.0, Duration.ZERO);
  }

  public static RewardSpecification reward() {
    return reward(OnFailedMember.DROP_MEMBER, 1_000_000);
  }

  /** Whose failed members have these consequences, of two kept checkpoints. */
  public static LedgerRules rules(ReplaySpecification specification, OnFailedMember onFailed) {
    return LedgerRules.of(specification, reward(onFailed, 100), KEEP_TWO, false);
  }

  public static Replay replayOf(ReplaySpecification specification) {
    return new Replay(
        specification,
        reward(),
        LedgerRules.of(specification, reward(), KEEP_TWO, false),
        Samples::task,
        VERIFIER);
  }

  public static PolicyVersion version(int incarnation, long update) {
    return new PolicyVersion(incarnation, update, 0, "w" + update);
  }

  /** Five generated tokens of 0.5 log-probability each. */
  public static Trajectory trajectory(Lease lease, int member, PolicyVersion behaviour) {
    return new Trajectory(
        new TrajectoryId(lease.group().number(), member),
        lease.id(),
        lease.attempt(),
        List.of(new VersionSpan(0, behaviour)),
        body(5));
  }

  public static TrajectoryBody body(int tokens) {
    int[] ids = new int[tokens];
    float[] logProbs = new float[tokens];
    Arrays.fill(ids, 7);
    Arrays.fill(logProbs, -0.5f);
    return new TrajectoryBody.Completion(
        List.of(
            new Segment(
                Segment.Kind.ANSWER,
                "x".repeat(tokens),
                IntArray.of(ids),
                true,
                FloatArray.of(logProbs),
                FloatArray.of(logProbs))),
        TrajectoryBody.FinishReason.END_TOKEN);
  }

  public static JudgedTrajectory scored(
      Lease lease, int member, PolicyVersion behaviour, double score) {
    return judged(trajectory(lease, member, behaviour), new Outcome.Scored(score));
  }

  public static JudgedTrajectory judged(Trajectory trajectory, Outcome outcome) {
    return new JudgedTrajectory(trajectory, VERIFIER, outcome, Duration.ofMillis(1));
  }
}
