package dev.troupe.learner;

import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.checkpoint.CheckpointStore.FileBody;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.safetensors.SafetensorsWriter;
import dev.troupe.model.safetensors.SafetensorsWriter.Item;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.codec.CheckpointCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    files.put(WEIGHTS, file -> safetensors(file, items("", weights)));
    List<Item> moments = new ArrayList<>(items(MEAN, means));
    moments.addAll(items(SQUARE, squares));
    files.put(OPTIMIZER, file -> safetensors(file, moments));
    reference.forEach(each -> files.put(REFERENCE, file -> safetensors(file, items("", each))));
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
    return read(checkpoint.file(WEIGHTS), "", network);
  }

  static Parameters means(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(OPTIMIZER), MEAN, network);
  }

  static Parameters squares(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(OPTIMIZER), SQUARE, network);
  }

  static Parameters reference(Checkpoint checkpoint, DecoderNetwork network) {
    return read(checkpoint.file(REFERENCE), "", network);
  }

  private static Parameters read(Path file, String prefix, DecoderNetwork network) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      return InitialWeights.take(tensors, file, prefix, network);
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
  }

  private static List<Item> items(String prefix, Parameters parameters) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < parameters.names().size(); i++) {
      Tensor tensor = parameters.tensors().get(i);
      items.add(
          new Item(
              prefix + parameters.names().get(i),
              tensor.dtype(),
              Arrays.stream(tensor.shape()).boxed().toList(),
              writer ->
                  tensor.withBytes(
                      bytes -> {
                        writer.accept(bytes);
                        return true;
                      })));
    }
    return items;
  }

  private static void safetensors(Path file, List<Item> items) throws IOException {
    SafetensorsWriter.write(file, items, Map.of("format", "pt"), false);
  }
}
