package dev.troupe.learner;

import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.checkpoint.CheckpointStore.FileBody;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.codec.CheckpointCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a learner's checkpoint: {@code weights.safetensors} (Hugging Face's names), {@code
 * optimizer.safetensors} (moments as {@code mean.NAME} and {@code square.NAME}), {@code
 * reference.safetensors} where a reference policy is held, and {@code state.pb}.
 */
final class LearnerFiles {
  static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String REFERENCE = "reference.safetensors";
  private static final String STATE = "state.pb";
  private static final String MEAN = "mean.";
  private static final String SQUARE = "square.";
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private LearnerFiles() {}

  /** Writes a checkpoint; closes the reference weights, of which there are none or one. */
  static CheckpointRef write(
      CheckpointStore store,
      int epoch,
      CheckpointState state,
      Parameters weights,
      Parameters means,
      Parameters squares,
      List<Parameters> reference) {
    Map<String, FileBody> files = new LinkedHashMap<>();
    Parameters moments = together(named(MEAN, means), named(SQUARE, squares));
    files.put(WEIGHTS, file -> ParameterFiles.write(file, weights, METADATA, false));
    files.put(OPTIMIZER, file -> ParameterFiles.write(file, moments, METADATA, false));
    reference.forEach(
        each -> files.put(REFERENCE, file -> ParameterFiles.write(file, each, METADATA, false)));
    files.put(STATE, file -> Files.write(file, CheckpointCodec.STATE.encode(state)));
    try {
      return store.write(state.version().update(), epoch, files);
    } finally {
      reference.forEach(Parameters::close);
    }
  }

  static CheckpointState state(Checkpoint checkpoint) {
    try {
      return CheckpointCodec.STATE.decode(Files.readAllBytes(checkpoint.file(STATE)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + checkpoint.file(STATE) + "]", e);
    }
  }

  static Parameters weights(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(WEIGHTS), "", "", network);
  }

  static Parameters means(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(OPTIMIZER), MEAN, SQUARE, network);
  }

  static Parameters squares(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(OPTIMIZER), SQUARE, MEAN, network);
  }

  static Parameters reference(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(REFERENCE), "", "", network);
  }

  /** Tensors named with a prefix; those of {@code otherPrefix} may be in the file besides. */
  private static Parameters read(
      Path file, String prefix, String otherPrefix, DecoderNetwork network) {
    List<ParameterShape> layout =
        network.layout().stream()
            .map(each -> new ParameterShape(prefix + each.name(), each.shape()))
            .toList();
    Set<String> others =
        network.names().stream().map(name -> otherPrefix + name).collect(Collectors.toSet());
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Parameters found = ParameterFiles.read(tensors, layout, others);
      return new Parameters(network.names(), found.tensors());
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
  }

  private static Parameters named(String prefix, Parameters parameters) {
    return new Parameters(
        parameters.names().stream().map(name -> prefix + name).toList(), parameters.tensors());
  }

  private static Parameters together(Parameters first, Parameters second) {
    List<String> names = new ArrayList<>(first.names());
    List<Tensor> tensors = new ArrayList<>(first.tensors());
    names.addAll(second.names());
    tensors.addAll(second.tensors());
    return new Parameters(names, tensors);
  }
}
