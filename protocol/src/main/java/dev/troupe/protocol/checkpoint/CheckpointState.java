package dev.troupe.protocol.checkpoint;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.Map;

/**
 * What a learner needs beside weights and optimizer tensors to go on as if nothing had happened.
 *
 * @param lastBatch number of the last batch that the weights contain; 0 before the first
 * @param firstUpdate update at which reinforcement learning began: batch n makes update firstUpdate
 *     + n
 * @param sftSteps supervised steps done
 * @param optimizerSteps steps the optimizer really took (skipped updates are not counted)
 * @param skippedUpdates updates skipped for a non-finite loss or gradient
 * @param random named counters of the learner's random streams
 * @param metrics figures at this point, for people
 */
public record CheckpointState(
    PolicyVersion version,
    long lastBatch,
    long firstUpdate,
    long sftSteps,
    long optimizerSteps,
    long skippedUpdates,
    Map<String, Long> random,
    Map<String, Double> metrics) {
  public CheckpointState {
    Check.atLeast("lastBatch", 0, lastBatch);
    Check.atLeast("firstUpdate", 0, firstUpdate);
    Check.atLeast("sftSteps", 0, sftSteps);
    Check.atLeast("optimizerSteps", 0, optimizerSteps);
    Check.atLeast("skippedUpdates", 0, skippedUpdates);
    random = Map.copyOf(random);
    metrics = Map.copyOf(metrics);
  }
}
