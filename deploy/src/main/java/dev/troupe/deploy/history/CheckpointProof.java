package dev.troupe.deploy.history;

import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.Parameters;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kept checkpoint beside the weights that a replay made for its update.
 *
 * @param standing what came of the comparison
 * @param detail of a difference, for people; else empty
 */
public record CheckpointProof(CheckpointRef checkpoint, Standing standing, String detail) {
  private static final String WEIGHTS = "weights.safetensors";

  /** What came of a comparison. */
  public enum Standing {
    BIT_EQUAL,
    WITHIN_TOLERANCE,
    /** Rounding alone moves weights so far there that they say little. */
    BLURRED,
    DIFFERENT,
    /** The replay began with it: nothing was made again. */
    BEGINNING,
    /** It was written, but its commit never recorded. */
    NEVER_COMMITTED,
    /** The replay ended before it. */
    NOT_REACHED
  }

  /**
   * Compares every kept checkpoint with what a replay made.
   *
   * @param committed those that count
   * @param began where the replay began, if not at the journal's beginning
   * @param saved where the replay saved weights that need not be bit-equal
   */
  public static List<CheckpointProof> of(
      Path checkpoints,
      RunSpecification run,
      Set<CheckpointRef> committed,
      Optional<CheckpointRef> began,
      ReplayedRun replayed,
      Path saved)
      throws IOException {
    Comparison comparison =
        new Comparison(
            StoredWeights.of(run),
            new CheckpointStore(checkpoints, CheckpointHooks.NONE),
            new CheckpointStore(saved, CheckpointHooks.NONE),
            replayed);
    List<CheckpointProof> proofs = new ArrayList<>();
    for (CheckpointRef ref : comparison.kept().list()) {
      if (began.isPresent() && began.get().equals(ref)) {
        proofs.add(new CheckpointProof(ref, Standing.BEGINNING, ""));
      } else if (!committed.contains(ref)) {
        proofs.add(new CheckpointProof(ref, Standing.NEVER_COMMITTED, ""));
      } else {
        proofs.add(comparison.prove(ref));
      }
    }
    return proofs;
  }

  private record Comparison(
      StoredWeights network, CheckpointStore kept, CheckpointStore made, ReplayedRun replayed) {
    CheckpointProof prove(CheckpointRef ref) throws IOException {
      Optional<String> hash = replayed.learned(ref.update());
      boolean differed =
          replayed.divergence().filter(first -> first.update() <= ref.update()).isPresent();
      if (hash.isEmpty() || differed) {
        return new CheckpointProof(ref, Standing.NOT_REACHED, "");
      }
      try (Parameters weights = weights(kept, ref)) {
        if (weights.hash().equals(hash.get())) {
          return new CheckpointProof(ref, Standing.BIT_EQUAL, "");
        }
        Optional<CheckpointRef> other =
            made.list().stream()
                .filter(saved -> saved.update() == ref.update())
                .filter(saved -> saved.epoch() == ReplayedRun.INCARNATION)
                .findFirst();
        return other.isEmpty()
            ? new CheckpointProof(
                ref,
                Standing.DIFFERENT,
                "it holds weights " + weights.hash() + ", the replay made " + hash.get())
            : near(ref, weights, other.get());
      }
    }

    private CheckpointProof near(CheckpointRef ref, Parameters weights, CheckpointRef other)
        throws IOException {
      try (Parameters mine = weights(made, other)) {
        Tolerance.Farthest farthest =
            replayed.tolerance().compare(ref.update(), distances(weights, mine));
        Standing within = farthest.telling() ? Standing.WITHIN_TOLERANCE : Standing.BLURRED;
        return new CheckpointProof(
            ref, farthest.isWithin() ? within : Standing.DIFFERENT, farthest.text());
      }
    }

    private Parameters weights(CheckpointStore store, CheckpointRef ref) throws IOException {
      return network.reader().read(store.open(ref).file(WEIGHTS));
    }
  }

  private static List<Double> distances(Parameters one, Parameters other) {
    List<Double> distances = new ArrayList<>();
    for (int t = 0; t < one.tensors().size(); t++) {
      float[] a = one.tensors().get(t).toFloats();
      float[] b = other.tensors().get(t).toFloats();
      double squares = 0;
      for (int i = 0; i < a.length; i++) {
        double difference = (double) a[i] - b[i];
        squares += difference * difference;
      }
      distances.add(Math.sqrt(squares));
    }
    return distances;
  }

  /** Whether the replay made these weights again. */
  public boolean isProven() {
    return standing == Standing.BIT_EQUAL || standing == Standing.WITHIN_TOLERANCE;
  }

  /** Whether the replay should have made these weights again and didn't. */
  public boolean isDoubtful() {
    return standing == Standing.DIFFERENT || standing == Standing.NOT_REACHED;
  }

  /** The oldest kept checkpoint. */
  public static Optional<CheckpointRef> oldest(Path checkpoints) {
    return new CheckpointStore(checkpoints, CheckpointHooks.NONE).list().stream().findFirst();
  }

  /** For people. */
  public String text() {
    return "checkpoint of step "
        + checkpoint.update()
        + ": "
        + switch (standing) {
          case BIT_EQUAL -> "bit-equal";
          case WITHIN_TOLERANCE -> "equal within tolerance: " + detail;
          case BLURRED -> "no farther than rounding explains, which says little: " + detail;
          case DIFFERENT -> "DIFFERS: " + detail;
          case BEGINNING -> "the replay began with it";
          case NEVER_COMMITTED -> "its commit was never recorded, so it doesn't count";
          case NOT_REACHED -> "NOT PROVEN: the replay didn't come to it";
        };
  }
}
