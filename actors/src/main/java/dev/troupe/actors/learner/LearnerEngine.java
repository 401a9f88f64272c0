package dev.troupe.actors.learner;

import dev.troupe.actors.policy.Policy;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.UpdateTrace;
import java.util.Map;
import java.util.Set;

/** Improves a policy. One thread makes, owns and closes it. */
public interface LearnerEngine extends AutoCloseable {

  /**
   * What a step came to.
   *
   * @param skipped for a non-finite loss or gradient; it counts as an update that changed nothing
   * @param tokens trained on
   * @param metrics by their documented names
   */
  record Step(boolean skipped, long tokens, Map<String, Double> metrics) {
    public Step {
      metrics = Map.copyOf(metrics);
    }
  }

  /**
   * Where the policy stands.
   *
   * @param update updates that the weights contain, supervised steps included
   * @param lastBatch last batch that they contain; 0 before the first
   * @param sftSteps supervised steps done
   */
  record Standing(long update, long lastBatch, long sftSteps) {
    /** Batch n makes update firstUpdate + n. */
    public long firstUpdate() {
      return update - lastBatch;
    }
  }

  Standing standing();

  /** Makes the next supervised step; which examples follows from the state. */
  Step pretrain();

  /** Makes the update of {@code batch}. */
  Step update(Batch batch);

  /** What the last step leaves, for whoever makes it again. */
  UpdateTrace trace();

  /** The weights to act with as they are now; the caller closes it. */
  Policy snapshot();

  /** The weights that are evaluated, where others act; the caller closes it. */
  default Policy learned() {
    return snapshot();
  }

  /** Makes a durable checkpoint of the state as it is now. */
  CheckpointRef save();

  /**
   * Removes old checkpoints, but none whose commit may be under way.
   *
   * @param committed the newest that counts; up to it, as many stay as the recipe keeps
   * @param also updates whose checkpoints stay too
   */
  void prune(CheckpointRef committed, Set<Long> also);

  @Override
  void close();
}
