package dev.troupe.actors.weights;

import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import java.io.IOException;
import java.util.Map;

/**
 * Snapshots as images and back. Bytes go straight from native tensors to the file and from the
 * mapped file to native tensors: the Java heap never holds them.
 */
public final class SnapshotWeights {
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

  /** The snapshot in a complete {@code file}; the caller closes both. */
  public static PolicySnapshot load(WeightFile file, PolicyManifest manifest) throws IOException {
    try (SafetensorsFile image = SafetensorsFile.open(file.path())) {
      Parameters parameters =
          ParameterFiles.read(image, manifest.tensors().stream().map(PolicyTensor::name).toList());
      return new PolicySnapshot(manifest.version(), parameters);
    }
  }
}
