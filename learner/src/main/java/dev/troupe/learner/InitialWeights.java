package dev.troupe.learner;

import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.HuggingFaceConfig;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.SafetensorsFolder;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.RopeScaling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Weights that a run starts from: another run's directory (its newest checkpoint), one checkpoint's
 * directory, a folder in Hugging Face's layout, or a single safetensors file.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Loads weights for {@code network}; the caller closes them.
   *
   * @param from as {@code model.init-from} has it
   * @param files where what it names is by now, see {@link #files}
   * @throws IllegalArgumentException naming what the weights' {@code config.json} says otherwise,
   *     or the first tensor that is missing, too much or of another shape
   */
  public static Parameters load(String from, Function<String, Path> files, DecoderNetwork network) {
    if (isHere(from, files)) {
      check(Path.of(from), network.shape());
    }
    try (TensorFile tensors = open(from, files)) {
      return ParameterFiles.read(tensors, network.layout(), spare(network));
    } catch (IOException e) {
      throw new UncheckedIOException("reading weights from [" + from + "]: " + e.getMessage(), e);
    }
  }

  /** What came from another machine was checked there; under that name may lie something else. */
  private static boolean isHere(String from, Function<String, Path> files) {
    String index = from + "/" + SafetensorsFolder.INDEX;
    return files.apply(from).equals(Path.of(from)) && files.apply(index).equals(Path.of(index));
  }

  private static TensorFile open(String from, Function<String, Path> files) throws IOException {
    Path index = files.apply(from + "/" + SafetensorsFolder.INDEX);
    return Files.isRegularFile(index)
        ? SafetensorsFolder.open(index, shard -> files.apply(from + "/" + shard))
        : TensorFile.open(resolve(files.apply(from)));
  }

  /**
   * The files that {@code from} stands for, by the names under which {@link #load} asks for them:
   * its own if it is one, else with the name of an index or shard after it.
   *
   * @throws IllegalArgumentException if there are no weights
   */
  public static Map<String, Path> files(String from) {
    Path folder = Path.of(from);
    Path index = folder.resolve(SafetensorsFolder.INDEX);
    if (!Files.isRegularFile(index)) {
      return Map.of(from, resolve(folder));
    }
    Map<String, Path> files = new TreeMap<>();
    files.put(from + "/" + SafetensorsFolder.INDEX, index);
    try {
      for (String shard : SafetensorsFolder.shards(index)) {
        files.put(from + "/" + shard, folder.resolve(shard));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + index + "]", e);
    }
    return files;
  }

  /** Whether {@code name} is of one of those files; of none where {@code from} is empty. */
  public static boolean isOf(String from, String name) {
    return !from.isEmpty() && (name.equals(from) || name.startsWith(from + "/"));
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
    throw new IllegalArgumentException(
        "model.init-from must be a run directory, a checkpoint, a folder with model.safetensors or"
            + " a safetensors file, got ["
            + from
            + "]");
  }

  /**
   * Refuses weights of another network than the recipe's by the {@code config.json} beside them,
   * where there is one: shapes of tensors don't tell how many heads share a matrix, nor how
   * positions turn them.
   *
   * @throws IllegalArgumentException naming what {@code config.json} says otherwise
   */
  public static void check(Path from, DecoderShape wanted) {
    Path config =
        Files.isRegularFile(from)
            ? from.resolveSibling("config.json")
            : from.resolve("config.json");
    if (Files.isRegularFile(config)) {
      try {
        check(from, HuggingFaceConfig.read(config), wanted);
      } catch (IOException e) {
        throw new UncheckedIOException("reading [" + config + "]", e);
      }
    }
  }

  private static void check(Path from, DecoderShape stored, DecoderShape wanted) {
    List<String> differences = new ArrayList<>();
    differ(differences, "hidden", stored.hidden(), wanted.hidden());
    differ(differences, "layers", stored.layers(), wanted.layers());
    differ(differences, "heads", stored.heads(), wanted.heads());
    differ(differences, "kv-heads", stored.kvHeads(), wanted.kvHeads());
    differ(differences, "head-size", stored.headSize(), wanted.headSize());
    differ(differences, "feed-forward", stored.feedForward(), wanted.feedForward());
    differ(differences, "rope-theta", stored.ropeTheta(), wanted.ropeTheta());
    differ(differences, "rope-scaling", words(stored.ropeScaling()), words(wanted.ropeScaling()));
    differ(differences, "attention-bias", stored.attentionBias(), wanted.attentionBias());
    differ(differences, "feed-forward-bias", stored.feedForwardBias(), wanted.feedForwardBias());
    differ(differences, "norm-epsilon", stored.normEpsilon(), wanted.normEpsilon());
    differ(differences, "tied", stored.tied(), wanted.tied());
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "model.init-from ["
              + from
              + "] has weights of another network: "
              + String.join(", ", differences)
              + "; set these keys as config.json has them");
    }
  }

  /** As a recipe writes it. */
  private static String words(RopeScaling scaling) {
    return scaling.factor() == 1
        ? "none"
        : "factor = %s, low-frequency = %s, high-frequency = %s, positions = %d"
            .formatted(
                scaling.factor(),
                scaling.lowFrequency(),
                scaling.highFrequency(),
                scaling.positions());
  }

  private static void differ(List<String> differences, String key, Object stored, Object wanted) {
    if (!stored.equals(wanted)) {
      differences.add(
          "model." + key + " is [" + wanted + "], its config.json says [" + stored + "]");
    }
  }

  /** Tied models are sometimes stored with their head all the same. */
  private static Set<String> spare(DecoderNetwork network) {
    return network.shape().tied() ? Set.of("lm_head.weight") : Set.of();
  }
}
