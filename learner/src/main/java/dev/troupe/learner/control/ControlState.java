package dev.troupe.learner.control;

import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ControlLearner} changes, beside its counters: weights and moments end to end [P],
 * statistics, buffer.
 */
final class ControlState implements AutoCloseable {
  private static final int EXPERIENCE_TENSORS = 12;

  private final Tensor flat;
  private final Tensor mean;
  private final Tensor square;
  private final Tensor count;
  private final RunningStatistics observations;
  private final RunningStatistics returns;
  private final List<List<Experience>> buffer = new ArrayList<>();
  private @Nullable Tensor target;
  private @Nullable Tensor behaviour;

  private ControlState(
      Tensor flat,
      Tensor mean,
      Tensor square,
      Tensor count,
      RunningStatistics observations,
      RunningStatistics returns) {
    this.flat = flat;
    this.mean = mean;
    this.square = square;
    this.count = count;
    this.observations = observations;
    this.returns = returns;
  }

  /** Nothing learned yet; takes over {@code flat}. */
  static ControlState fresh(Tensor flat, int observation) {
    int size = Math.toIntExact(flat.shape()[0]);
    return new ControlState(
        flat,
        Tensor.of(new float[size]),
        Tensor.of(new float[size]),
        Tensor.of(new float[] {0}, 1),
        RunningStatistics.fresh(observation),
        RunningStatistics.fresh(1));
  }

  /** θ [P], changed in place by programs. */
  Tensor flat() {
    return flat;
  }

  Tensor mean() {
    return mean;
  }

  Tensor square() {
    return square;
  }

  /** Optimizer steps taken [1]. */
  Tensor count() {
    return count;
  }

  RunningStatistics observations() {
    return observations;
  }

  RunningStatistics returns() {
    return returns;
  }

  /** Collections, oldest first; the fragments of each in their order. */
  List<List<Experience>> buffer() {
    return buffer;
  }

  /** Adds a collection and lets go of the oldest beyond {@code most}. */
  void collect(List<Experience> collection, int most) {
    buffer.add(List.copyOf(collection));
    while (buffer.size() > most) {
      buffer.removeFirst().forEach(Experience::close);
    }
  }

  void forgetBuffer() {
    buffer.forEach(each -> each.forEach(Experience::close));
    buffer.clear();
  }

  /** The target network's weights; θ where there is none. */
  Tensor target() {
    return target == null ? flat : target;
  }

  /** The target network becomes a copy of θ. */
  void renewTarget() {
    if (target != null) {
      target.close();
    }
    target = flat.copy();
  }

  /** φ, or θ where the behaviour policy is not adjusted. */
  Tensor behaviour() {
    return behaviour == null ? flat : behaviour;
  }

  /** Takes over φ. */
  void adjusted(Tensor phi) {
    if (behaviour != null) {
      behaviour.close();
    }
    behaviour = phi;
  }

  /** Writes everything; {@link #read} makes the same of it. */
  void write(Path file) throws IOException {
    List<String> names = new ArrayList<>(List.of("theta", "mean", "square", "count"));
    List<Tensor> tensors = new ArrayList<>(List.of(flat, mean, square, count));
    add(names, tensors, "observations", observations.tensors());
    add(names, tensors, "returns", returns.tensors());
    if (target != null) {
      add(names, tensors, "target", List.of(target));
    }
    if (behaviour != null) {
      add(names, tensors, "behaviour", List.of(behaviour));
    }
    for (int k = 0; k < buffer.size(); k++) {
      for (int i = 0; i < buffer.get(k).size(); i++) {
        add(names, tensors, bufferName(k, i), buffer.get(k).get(i).tensors());
      }
    }
    ParameterFiles.write(file, new Parameters(names, tensors), Map.of(), false);
  }

  private static void add(
      List<String> names, List<Tensor> tensors, String prefix, List<Tensor> more) {
    for (int i = 0; i < more.size(); i++) {
      names.add(prefix + "." + i);
      tensors.add(more.get(i));
    }
  }

  private static String bufferName(int collection, int fragment) {
    return "buffer." + collection + "." + fragment;
  }

  static ControlState read(Path file) throws IOException {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      List<Tensor> first = tensors(stored, "theta", "mean", "square", "count");
      List<Tensor> seen = several(stored, "observations", 3);
      List<Tensor> returned = several(stored, "returns", 3);
      ControlState state =
          new ControlState(
              first.get(0),
              first.get(1),
              first.get(2),
              first.get(3),
              new RunningStatistics(seen.get(0), seen.get(1), seen.get(2)),
              new RunningStatistics(returned.get(0), returned.get(1), returned.get(2)));
      if (stored.names().contains("target.0")) {
        state.target = tensors(stored, "target.0").getFirst();
      }
      if (stored.names().contains("behaviour.0")) {
        state.behaviour = tensors(stored, "behaviour.0").getFirst();
      }
      for (int k = 0; stored.names().contains(bufferName(k, 0) + ".0"); k++) {
        List<Experience> collection = new ArrayList<>();
        for (int i = 0; stored.names().contains(bufferName(k, i) + ".0"); i++) {
          collection.add(new Experience(several(stored, bufferName(k, i), EXPERIENCE_TENSORS)));
        }
        state.buffer.add(collection);
      }
      return state;
    }
  }

  private static List<Tensor> several(SafetensorsFile stored, String prefix, int count)
      throws IOException {
    String[] names = new String[count];
    Arrays.setAll(names, i -> prefix + "." + i);
    return tensors(stored, names);
  }

  private static List<Tensor> tensors(SafetensorsFile stored, String... names) throws IOException {
    return ParameterFiles.read(stored, List.of(names)).tensors();
  }

  @Override
  public void close() {
    flat.close();
    mean.close();
    square.close();
    count.close();
    observations.close();
    returns.close();
    forgetBuffer();
    if (target != null) {
      target.close();
    }
    if (behaviour != null) {
      behaviour.close();
    }
  }
}
