package dev.troupe.actors.run;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a run tells whoever follows it. */
public sealed interface RunEvent {

  /** The run went on to {@code phase} or {@code stage}; {@code detail} says why, for people. */
  record PhaseChanged(Phase phase, Stage stage, String detail) implements RunEvent {}

  /**
   * Supervised step {@code step} of {@code steps} was made.
   *
   * @param tokens trained on in this step
   * @param seconds that it took
   * @param metrics of the learner, by their documented names
   */
  record SupervisedStep(
      long step, long steps, long tokens, double seconds, Map<String, Double> metrics)
      implements RunEvent {
    public SupervisedStep {
      metrics = Map.copyOf(metrics);
    }
  }

  /**
   * An update of reinforcement learning was made, or skipped for a non-finite number.
   *
   * @param number updates of reinforcement learning so far
   * @param batch that it was made from
   * @param tokens trained on in this update
   * @param seconds that the learner computed
   * @param metrics of the learner, by their documented names
   * @param rates of the whole run at this moment
   */
  record UpdateMade(
      PolicyVersion version,
      long number,
      long batch,
      boolean skipped,
      long tokens,
      double seconds,
      Map<String, Double> metrics,
      Rates rates)
      implements RunEvent {
    public UpdateMade {
      metrics = Map.copyOf(metrics);
    }
  }

  /**
   * How fast both sides go, and how long each had nothing to do.
   *
   * @param samplingTokensPerSecond over the last seconds
   * @param learningTokensPerSecond over the last seconds
   * @param samplingIdleShare over the last seconds: time a sampler's thread waited
   * @param learningIdleShare over the last seconds: time the learner's thread waited
   */
  record Rates(
      double samplingTokensPerSecond,
      double learningTokensPerSecond,
      double samplingIdleShare,
      double learningIdleShare) {
    /** Before anything was measured. */
    public static Rates none() {
      return new Rates(0, 0, 0, 0);
    }
  }

  /** Why an evaluation was made. */
  enum Occasion {
    BEFORE,
    DURING,
    AFTER
  }

  /**
   * Held-out tasks were answered greedily.
   *
   * @param accuracy share of the tasks whose answer scored 1
   * @param failed tasks whose verdict was not a score; they count as wrong
   * @param best whether this is the best evaluation so far
   */
  record EvaluationEnded(
      Occasion occasion,
      PolicyVersion version,
      double accuracy,
      int failed,
      boolean best,
      List<Answer> answers)
      implements RunEvent {
    public EvaluationEnded {
      answers = List.copyOf(answers);
    }
  }

  /** A task and what was answered. */
  record Answer(Task task, JudgedTrajectory answer) {}

  /** A sampled trajectory was judged: before the ledger decided whether it is used. */
  record SampleJudged(Task task, JudgedTrajectory sample) implements RunEvent {}

  /** A trajectory left the account. */
  record TrajectoryDropped(DropReason reason, String detail, String difficulty)
      implements RunEvent {}

  /**
   * Of {@code found} episodes that were under way in environments when the run's books were opened,
   * {@code resumed} went on so far.
   */
  record EpisodesResumed(int found, int resumed) implements RunEvent {}

  /** The ledger's counts at this moment. */
  record LedgerCounted(LedgerTotals totals) implements RunEvent {}

  /** These verifiers judge now; the first is the one of groups that begin. */
  record VerifiersJudge(List<VerifierRef> verifiers) implements RunEvent {
    public VerifiersJudge {
      verifiers = List.copyOf(verifiers);
    }
  }

  /**
   * Groups from {@code firstGroup} on are judged by {@code now} instead of {@code before}.
   *
   * @param swaps of the run so far, as far as they are remembered
   */
  record VerifierSwapped(VerifierRef before, VerifierRef now, long firstGroup, int swaps)
      implements RunEvent {}

  /** A verifier judges beside the one in force, or did. */
  record ShadowJudged(ShadowReport report) implements RunEvent {}

  /** A checkpoint counts from now on; {@code accuracy} where it was evaluated. */
  record CheckpointCommitted(CheckpointRef checkpoint, OptionalDouble accuracy)
      implements RunEvent {}

  /** An actor failed and began anew. */
  record ActorRestarted(String actor, String cause) implements RunEvent {}

  /** Node {@code name} left the cluster or was lost; what it held is granted to others. */
  record NodeLost(String name) implements RunEvent {}

  /** {@code actor} makes no progress: it has waited {@code since} for {@code waitsFor}. */
  record Stalled(String actor, String waitsFor, Duration since) implements RunEvent {}

  /** After a stall, the run goes on. */
  record StallEnded(Duration after) implements RunEvent {}
}
