package dev.troupe.actors.weights;

import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.torch.FreedMemory;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import java.io.IOException;
import java.util.Map;

/**
 * Snapshots as images and back. Bytes go straight from native tensors to the file and from the
 * mapped file to native tensors: the Java heap never holds them.
 */
public final class SnapshotWeights {
  /** Below this, what is kept of older tensors is not worth a system call. */
  private static final long LARGE_BYTES = 32L << 20;

  private SnapshotWeights() {}

  /** Writes {@code snapshot} for other nodes; the store holds it until it is let go of. */
  public static PolicyManifest publish(WeightStore store, PolicySnapshot snapshot)
      throws IOException {
    Parameters parameters = snapshot.parameters();
    return store.publish(
        snapshot.version(),
        parameters.names(),
        WeightStore.CHUNK_BYTES,
        file -> ParameterFiles.write(file, parameters, Map.of("format", "pt"), false));
  }

  /**
   * The snapshot in a complete {@code file}; the caller closes both. What was freed of earlier ones
   * goes back to the system first, so that there are never more than the copies in use.
   */
  public static PolicySnapshot load(WeightFile file, PolicyManifest manifest) throws IOException {
    if (manifest.bytes() >= LARGE_BYTES) {
      FreedMemory.giveBack();
    }
    try (SafetensorsFile image = SafetensorsFile.open(file.path())) {
      Parameters parameters =
          ParameterFiles.read(image, manifest.tensors().stream().map(PolicyTensor::name).toList());
      return new PolicySnapshot(manifest.version(), parameters);
    }
  }
}
