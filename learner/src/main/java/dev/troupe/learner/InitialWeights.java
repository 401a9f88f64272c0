package dev.troupe.learner;

import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Weights that a run starts from: another run's directory (its newest checkpoint), one checkpoint's
 * directory, a folder in Hugging Face's layout, or a single safetensors file.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Loads weights for {@code network}; the caller closes them.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing, too much or of
   *     another shape
   */
  public static Parameters load(Path from, DecoderNetwork network) {
    try {
      Path source = resolve(from);
      try (TensorFile tensors = TensorFile.open(source)) {
        return ParameterFiles.read(tensors, network.layout(), spare(network));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading weights from [" + from + "]", e);
    }
  }

  private static Path resolve(Path from) {
    if (Files.isRegularFile(from)) {
      return from;
    }
    Path checkpoints = from.resolve("checkpoints");
    if (Files.isDirectory(checkpoints)) {
      CheckpointStore store = new CheckpointStore(checkpoints, CheckpointHooks.NONE);
      List<CheckpointRef> all = store.list();
      if (all.isEmpty()) {
        throw new IllegalArgumentException(
            "model.init-from: the run in [" + from + "] has no checkpoint yet");
      }
      return store.open(all.getLast()).file(LearnerFiles.WEIGHTS);
    }
    for (String name : List.of(LearnerFiles.WEIGHTS, "model.safetensors")) {
      if (Files.isRegularFile(from.resolve(name))) {
        return from.resolve(name);
      }
    }
    if (Files.isRegularFile(from.resolve("model.safetensors.index.json"))) {
      return from;
    }
    throw new IllegalArgumentException(
        "model.init-from must be a run directory, a checkpoint, a folder with model.safetensors or"
            + " a safetensors file, got ["
            + from
            + "]");
  }

  /** Tied models are sometimes stored with their head all the same. */
  private static Set<String> spare(DecoderNetwork network) {
    return network.shape().tied() ? Set.of("lm_head.weight") : Set.of();
  }
}
