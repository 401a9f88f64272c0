package dev.troupe.deploy.bench;

import dev.troupe.actors.weights.WeightStore;
import dev.troupe.model.safetensors.SafetensorsWriter;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Versions of weights that have nothing in common, so that all of them has to travel. */
final class RandomWeights {
  private final int tensors;
  private final DType dtype;
  private final ByteBuffer tensor;

  /**
   * @param tensors of a version
   * @param dtype of their elements
   * @param tensorBytes of each, a multiple of 8
   */
  RandomWeights(int tensors, DType dtype, int tensorBytes) {
    this.tensors = tensors;
    this.dtype = dtype;
    this.tensor = ByteBuffer.allocateDirect(tensorBytes);
  }

  /** Publishes the version of {@code update} in {@code store}. */
  PolicyManifest publish(WeightStore store, int update) throws IOException {
    List<SafetensorsWriter.Item> items = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      long seed = (long) update * tensors + i;
      items.add(
          new SafetensorsWriter.Item(
              "tensor-" + i,
              dtype,
              List.of((long) tensor.capacity() / dtype.bytes()),
              writer -> {
                SplittableRandom random = new SplittableRandom(seed);
                tensor.clear();
                while (tensor.hasRemaining()) {
                  tensor.putLong(random.nextLong());
                }
                writer.accept(tensor.flip());
              }));
    }
    return store.publish(
        new PolicyVersion(1, update, 0, "bench-" + update),
        items.stream().map(SafetensorsWriter.Item::name).toList(),
        WeightStore.CHUNK_BYTES,
        file -> SafetensorsWriter.write(file, items, Map.of(), false));
  }
}
