package dev.troupe.learner;

import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does a learner's updates again from recorded batches and compares what comes out with what was
 * recorded. On the same kind of processor, with the same thread settings and micro-batches, every
 * hash is equal; the first that isn't names the update at which the record and the replay part.
 */
public final class LearnerReplay {
  private final PolicyLearner learner;
  private final List<PolicyVersion> replayed = new ArrayList<>();

  /** Goes on from a learner at the update before the first batch; it stays the caller's. */
  public LearnerReplay(PolicyLearner learner) {
    this.learner = learner;
  }

  /**
   * An update whose weights are not the recorded ones.
   *
   * @param update number of it
   * @param recorded hash in the record
   * @param replayed hash of the weights that came out
   */
  public record Divergence(long update, String recorded, String replayed) {
    @Override
    public String toString() {
      return "update ["
          + update
          + "] diverges: the record has weights ["
          + recorded
          + "], the replay ["
          + replayed
          + "]";
    }
  }

  /** Does the update of {@code batch}; the version that came out. */
  public PolicyVersion apply(Batch batch) {
    learner.update(batch);
    try (PolicySnapshot snapshot = learner.snapshot()) {
      replayed.add(snapshot.version());
      return snapshot.version();
    }
  }

  /** Does the update of {@code batch} and compares with the version that was recorded for it. */
  public Optional<Divergence> applyAndCompare(Batch batch, PolicyVersion recorded) {
    PolicyVersion version = apply(batch);
    if (version.update() == recorded.update() && version.hash().equals(recorded.hash())) {
      return Optional.empty();
    }
    return Optional.of(new Divergence(version.update(), recorded.hash(), version.hash()));
  }

  /** The versions that came out so far, in order. */
  public List<PolicyVersion> replayed() {
    return List.copyOf(replayed);
  }
}
