package dev.troupe.learner;

import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights that a run starts from: another run's directory (its newest checkpoint), one checkpoint's
 * directory, a folder in Hugging Face's layout, or a single safetensors file.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Loads weights for {@code network}; the caller closes them.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing or of another shape
   */
  public static Parameters load(Path from, DecoderNetwork network) {
    try {
      Path source = resolve(from);
      try (TensorFile tensors = TensorFile.open(source)) {
        return take(tensors, source, "", network);
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

  /** The tensors of {@code network}'s layout, each named with {@code prefix} before its name. */
  static Parameters take(TensorFile tensors, Path source, String prefix, DecoderNetwork network)
      throws IOException {
    List<Tensor> taken = new ArrayList<>();
    try {
      for (ParameterShape expected : network.layout()) {
        String name = prefix + expected.name();
        if (!tensors.names().contains(name)) {
          throw new IllegalArgumentException(
              "[" + source + "] has no tensor [" + name + "] of shape " + expected.shape());
        }
        if (!tensors.shape(name).equals(expected.shape())) {
          throw new IllegalArgumentException(
              "tensor ["
                  + name
                  + "] of ["
                  + source
                  + "] must have shape "
                  + expected.shape()
                  + ", got "
                  + tensors.shape(name)
                  + ": does the recipe's model match?");
        }
        taken.add(Tensor.of(tensors.data(name)));
      }
      return new Parameters(network.names(), taken);
    } catch (IOException | RuntimeException e) {
      taken.forEach(Tensor::close);
      throw e;
    }
  }
}
