package dev.troupe.actors.run;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run came to.
 *
 * @param ended why, for people
 * @param resumable whether the run can go on with {@code --resume}
 * @param accuracyBefore of the weights that reinforcement learning began with
 * @param accuracyAfter of the final weights; empty where the run was stopped before
 * @param updates of reinforcement learning made by the whole run, like all figures here
 * @param skippedUpdates of these, skipped for a non-finite number
 * @param trajectories trained on
 * @param processes how often it was begun or resumed
 * @param wallSeconds of all of these
 * @param samplingTokensPerSecond over the time of reinforcement learning
 * @param learningTokensPerSecond likewise
 * @param samplingIdleShare time that sampler threads had nothing to do, likewise
 * @param learningIdleShare time that the learner's thread had nothing to do, likewise
 * @param meanPolicyLag updates, over the trajectories trained on
 * @param bestAccuracy of all evaluations, with the checkpoint of those weights
 * @param answers some of the final evaluation's
 */
public record RunSummary(
    String name,
    String ended,
    boolean resumable,
    OptionalDouble accuracyBefore,
    OptionalDouble accuracyAfter,
    long updates,
    long skippedUpdates,
    long trajectories,
    int processes,
    double wallSeconds,
    double samplingTokensPerSecond,
    double learningTokensPerSecond,
    double samplingIdleShare,
    double learningIdleShare,
    double meanPolicyLag,
    OptionalDouble bestAccuracy,
    Optional<CheckpointRef> bestCheckpoint,
    Optional<CheckpointRef> lastCheckpoint,
    LedgerTotals ledger,
    List<RunEvent.Answer> answers) {
  public RunSummary {
    answers = List.copyOf(answers);
  }
}
