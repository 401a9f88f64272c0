package dev.troupe.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.HuggingFaceConfig;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.protocol.run.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that fit by their shapes alone and are of another network all the same. */
class InitialWeightsTest {
  private static final DecoderShape STORED =
      new DecoderShape(
          11,
          16,
          1,
          4,
          2,
          4,
          24,
          64,
          500_000,
          1e-6,
          true,
          0.02,
          true,
          false,
          new RopeScaling(8, 1, 4, 32));

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void exports() throws IOException {
    try (Parameters weights = new DecoderNetwork(STORED).initial(3)) {
      ParameterFiles.write(folder.resolve("model.safetensors"), weights, Map.of(), false);
    }
    Files.writeString(folder.resolve("config.json"), HuggingFaceConfig.write(STORED, 0, 1, 2));
  }

  @Test
  void theNetworkOfItsConfigurationTakesThem() {
    DecoderShape fewerPositions =
        new DecoderShape(
            11,
            16,
            1,
            4,
            2,
            4,
            24,
            32,
            500_000,
            1e-6,
            true,
            0.5,
            true,
            false,
            new RopeScaling(8, 1, 4, 32));
    try (Parameters read =
        InitialWeights.load(folder.toString(), Path::of, new DecoderNetwork(fewerPositions))) {
      assertThat(read.names()).contains("model.layers.0.self_attn.q_proj.bias");
    }
    assertThatCode(() -> InitialWeights.check(folder.resolve("model.safetensors"), STORED))
        .doesNotThrowAnyException();
  }

  @Test
  void headsAndRotationsThatNoShapeShowsAreCompared() {
    DecoderShape other =
        new DecoderShape(
            11, 16, 1, 2, 1, 8, 24, 64, 10_000, 1e-5, true, 0.02, true, false, RopeScaling.NONE);
    String refusal =
        "model.init-from ["
            + folder
            + "] has weights of another network: model.heads is [2], its config.json says [4],"
            + " model.kv-heads is [1], its config.json says [2], model.head-size is [8], its"
            + " config.json says [4], model.rope-theta is [10000.0], its config.json says"
            + " [500000.0], model.rope-scaling is [none], its config.json says [factor = 8.0,"
            + " low-frequency = 1.0, high-frequency = 4.0, positions = 32], model.norm-epsilon is"
            + " [1.0E-5], its config.json says [1.0E-6]; set these keys as config.json has them";

    assertThatThrownBy(() -> InitialWeights.check(folder, other)).hasMessage(refusal);
    assertThatThrownBy(
            () -> InitialWeights.load(folder.toString(), Path::of, new DecoderNetwork(other)))
        .hasMessage(refusal);
  }

  @Test
  void aNetworkThatTroupeCannotComputeIsRefusedByName() throws IOException {
    String config = Files.readString(folder.resolve("config.json"));
    Files.writeString(folder.resolve("config.json"), config.replace("llama3", "yarn"));
    assertThatThrownBy(() -> InitialWeights.check(folder, STORED))
        .hasMessageContaining(
            "rope scaling [yarn] is not supported, expected [default] or [llama3]");

    Files.writeString(folder.resolve("config.json"), config.replace("\"llama\"", "\"mistral\""));
    assertThatThrownBy(() -> InitialWeights.check(folder, STORED))
        .hasMessageContaining("model_type [mistral] is not supported");
  }
}
