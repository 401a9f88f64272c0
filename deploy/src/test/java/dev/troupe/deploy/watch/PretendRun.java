package dev.troupe.deploy.watch;

import dev.troupe.actors.reward.Disagreement;
import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.ShadowReport;
import dev.troupe.actors.run.Stage;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
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
import java.util.List;
import java.util.Map;

/** Tells a listener of a run that never was. */
public final class PretendRun {
  private static final VerifierRef EXACT = new VerifierRef("exact", "1", "h");

  private final RunListener listener;

  public PretendRun(RunListener listener) {
    this.listener = listener;
  }

  public void phase(Phase phase, Stage stage) {
    listener.on(new RunEvent.PhaseChanged(phase, stage, ""));
  }

  public void supervised(long step, long steps, double loss) {
    listener.on(new RunEvent.SupervisedStep(step, steps, 600, 0.05, Map.of("loss", loss)));
  }

  /** Update {@code number} after 10 supervised steps. */
  public void update(long number, double lag, double idle) {
    listener.on(
        new RunEvent.UpdateMade(
            version(10 + number),
            number,
            number,
            false,
            2_000,
            0.25,
            Map.of("loss", -0.0125, "policyLagMean", lag, "policyLagMax", 2.0),
            new RunEvent.Rates(12_345, 8_000, 0.031, idle)));
  }

  /** An update from a buffer of which it is known how far it is from the policy. */
  public void adjusted(long number, double samplingError) {
    listener.on(
        new RunEvent.UpdateMade(
            version(10 + number),
            number,
            number,
            false,
            2_000,
            0.25,
            Map.of("samplingError", samplingError),
            RunEvent.Rates.none()));
  }

  public void evaluation(RunEvent.Occasion occasion, long number, double accuracy) {
    listener.on(
        new RunEvent.EvaluationEnded(occasion, version(10 + number), accuracy, 0, true, List.of()));
  }

  /** The verifier {@code mine@2} judges instead of the recipe's. */
  public void swapped() {
    VerifierRef mine = new VerifierRef("mine", "2", "2222222222");
    listener.on(new RunEvent.VerifiersJudge(List.of(mine, EXACT)));
    listener.on(new RunEvent.VerifierSwapped(EXACT, mine, 40, 1));
  }

  /** The verifier {@code other@1} judges beside the one in force. */
  public void shadowed() {
    Disagreement example =
        new Disagreement("1+1=", "3", new Outcome.Scored(0), new Outcome.Crashed("boom"));
    ShadowFigures figures = new ShadowFigures(10, 1, 8, 9, 4.5, 9, 0, 1, List.of(example));
    listener.on(
        new RunEvent.ShadowJudged(
            new ShadowReport(
                new VerifierRef("other", "1", "01"), 64, figures, ShadowReport.State.JUDGING, "")));
  }

  public void ledger(long consumed) {
    listener.on(
        new RunEvent.LedgerCounted(
            new LedgerTotals(
                consumed + 1_000,
                512,
                64,
                400,
                consumed,
                Map.of(DropReason.STALE, 20L, DropReason.REWARD_TIMED_OUT, 4L),
                3)));
  }

  public void sample(String prompt, String answer, String expected, String difficulty) {
    Task task = new Task(1, "sums", difficulty, new TaskContent.Prompt(prompt, expected));
    listener.on(
        new RunEvent.SampleJudged(
            task, judged(answer, new Outcome.Scored(answer.equals(expected) ? 1 : 0))));
  }

  public void stalled(String actor, String waitsFor, Duration since) {
    listener.on(new RunEvent.Stalled(actor, waitsFor, since));
  }

  public static JudgedTrajectory judged(String answer, Outcome outcome) {
    IntArray tokens = IntArray.of(new int[answer.length()]);
    FloatArray logProbs = FloatArray.of(new float[answer.length()]);
    Segment segment = new Segment(Segment.Kind.ANSWER, answer, tokens, true, logProbs, logProbs);
    Trajectory trajectory =
        new Trajectory(
            new TrajectoryId(1, 2),
            new LeaseId(1, 3),
            1,
            List.of(new VersionSpan(0, version(12))),
            new TrajectoryBody.Completion(List.of(segment), TrajectoryBody.FinishReason.END_TOKEN));
    return new JudgedTrajectory(trajectory, EXACT, outcome, Duration.ofMillis(1));
  }

  private static PolicyVersion version(long update) {
    return new PolicyVersion(1, update, 0, "h");
  }
}
