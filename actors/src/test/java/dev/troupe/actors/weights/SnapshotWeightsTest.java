package dev.troupe.actors.weights;

import static dev.troupe.actors.weights.WeightsFixture.complete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.weights.WeightsFixture.Node;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class SnapshotWeightsTest {
  @TempDir Path folder;

  @Test
  void aSnapshotArrivesWithTheSameContentHash() throws Exception {
    WeightsFixture nodes = new WeightsFixture(folder);
    // The image holds wider elements first; the hash is over the network's order.
    Parameters parameters =
        new Parameters(
            List.of("steps", "embed", "scale"),
            List.of(
                Tensor.of(new long[] {1, 2, 3}, 3),
                Tensor.of(new float[] {1.5f, -2, 3, 4}, 2, 2).to(DType.BF16),
                Tensor.of(new float[] {0.1f, Float.MIN_VALUE}, 2)));
    try (PolicySnapshot snapshot = PolicySnapshot.of(2, 7, parameters)) {
      Node learner = nodes.node("learner");
      Node worker = nodes.node("worker");
      PolicyManifest manifest = SnapshotWeights.publish(learner.store(), snapshot);

      try (WeightFile file = complete(worker.pull(manifest, learner.source(true))).file();
          PolicySnapshot read = SnapshotWeights.load(file, manifest)) {
        assertThat(read.version()).isEqualTo(snapshot.version());
        assertThat(read.parameters().names()).isEqualTo(parameters.names());
        assertThat(read.parameters().hash()).isEqualTo(snapshot.version().hash());
        assertThat(read.parameters().get("embed").dtype()).isEqualTo(DType.BF16);
      }
    } finally {
      nodes.closeAll();
    }
  }
}
