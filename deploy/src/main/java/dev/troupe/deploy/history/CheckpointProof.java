package dev.troupe.deploy.history;

import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A kept checkpoint beside the weights that a replay made for its update.
 *
 * @param standing what came of the comparison
 * @param difference largest one of any weight, as a share of the largest weight
 */
public record CheckpointProof(CheckpointRef checkpoint, Standing standing, double difference) {
  private static final String WEIGHTS = "weights.safetensors";
  private static final double TOLERANCE = 0.01;

  /** What came of a comparison. */
  public enum Standing {
    BIT_EQUAL,
    WITHIN_TOLERANCE,
    DIFFERENT,
    /** The replay didn't come to that update. */
    NOT_REACHED
  }

  /**
   * Compares every kept checkpoint with what a replay made.
   *
   * @param hashes of the replay's weights, by update
   * @param saved where the replay saved weights that need not be bit-equal
   */
  public static List<CheckpointProof> of(
      Path checkpoints, RunSpecification run, Map<Long, String> hashes, Path saved)
      throws IOException {
    DecoderNetwork network =
        new DecoderNetwork(
            DecoderShape.of(run.model(), Tokenizers.of(run.model().tokenizer()).size()));
    CheckpointStore store = new CheckpointStore(checkpoints, CheckpointHooks.NONE);
    CheckpointStore made = new CheckpointStore(saved, CheckpointHooks.NONE);
    List<CheckpointProof> proofs = new ArrayList<>();
    for (CheckpointRef ref : store.list()) {
      try (Parameters weights = weights(network, store, ref)) {
        proofs.add(prove(ref, weights, hashes.getOrDefault(ref.update(), ""), network, made));
      }
    }
    return proofs;
  }

  private static CheckpointProof prove(
      CheckpointRef ref,
      Parameters weights,
      String hash,
      DecoderNetwork network,
      CheckpointStore made)
      throws IOException {
    if (hash.isEmpty()) {
      return new CheckpointProof(ref, Standing.NOT_REACHED, 0);
    }
    if (weights.hash().equals(hash)) {
      return new CheckpointProof(ref, Standing.BIT_EQUAL, 0);
    }
    Optional<CheckpointRef> other =
        made.list().stream().filter(saved -> saved.update() == ref.update()).findFirst();
    if (other.isEmpty()) {
      return new CheckpointProof(ref, Standing.DIFFERENT, Double.NaN);
    }
    try (Parameters replayed = weights(network, made, other.get())) {
      double difference = difference(weights, replayed);
      Standing standing = difference <= TOLERANCE ? Standing.WITHIN_TOLERANCE : Standing.DIFFERENT;
      return new CheckpointProof(ref, standing, difference);
    }
  }

  private static Parameters weights(
      DecoderNetwork network, CheckpointStore store, CheckpointRef ref) throws IOException {
    return network.load(store.open(ref).file(WEIGHTS));
  }

  private static double difference(Parameters one, Parameters other) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < one.tensors().size(); i++) {
      float[] a = floats(one.tensors().get(i));
      float[] b = floats(other.tensors().get(i));
      for (int j = 0; j < a.length; j++) {
        largest = Math.max(largest, Math.abs(a[j]));
        difference = Math.max(difference, Math.abs(a[j] - b[j]));
      }
    }
    return difference / Math.max(largest, Float.MIN_NORMAL);
  }

  private static float[] floats(Tensor tensor) {
    return tensor.toFloats();
  }

  /** Whether this is no reason to doubt the run. */
  public boolean holds() {
    return standing != Standing.DIFFERENT;
  }

  /** The oldest kept checkpoint. */
  public static Optional<CheckpointRef> oldest(Path checkpoints) {
    return new CheckpointStore(checkpoints, CheckpointHooks.NONE).list().stream().findFirst();
  }

  /** For people. */
  public String text() {
    String share = String.format(Locale.ROOT, "%.2g of the largest weight", difference);
    return "checkpoint of step "
        + checkpoint.update()
        + ": "
        + switch (standing) {
          case BIT_EQUAL -> "bit-equal";
          case WITHIN_TOLERANCE -> "equal within tolerance, largest difference " + share;
          case DIFFERENT -> "DIFFERS, largest difference " + share;
          case NOT_REACHED -> "the journal doesn't lead to it";
        };
  }
}
