package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.RopeScaling;
import dev.troupe.protocol.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParametersTest {
  @TempDir Path folder;

  private final DecoderNetwork network =
      new DecoderNetwork(new DecoderShape(5, 4, 1, 2, 1, 2, 6, 16, 10_000, 1e-5, true, 0.02));

  @Test
  void initialWeightsAreRepeatableAndOfTheWantedSpread() {
    DecoderNetwork wide =
        new DecoderNetwork(
            new DecoderShape(64, 64, 1, 4, 2, 16, 128, 16, 10_000, 1e-5, true, 0.02));
    try (Parameters first = wide.initial(1);
        Parameters again = wide.initial(1);
        Parameters other = wide.initial(2)) {
      assertThat(first.hash()).isEqualTo(again.hash()).isNotEqualTo(other.hash());
      assertThat(first.elements()).isEqualTo(wide.elements());
      double sum = 0;
      for (float each : first.get("model.embed_tokens.weight").toFloats()) {
        sum += (double) each * each;
      }
      assertThat(Math.sqrt(sum / 4096)).isBetween(0.019, 0.021);
      assertThat(first.get("model.norm.weight").toFloats()).containsOnly(1f);
    }
  }

  @Test
  void theHashSeesNamesShapesAndEveryBit() {
    try (Tensor a = Tensor.of(new float[] {1, 2}, 2);
        Tensor b = Tensor.of(new float[] {1, 2}, 1, 2);
        Tensor c = Tensor.of(new float[] {1, Math.nextUp(2f)}, 2)) {
      String hash = new Parameters(List.of("a"), List.of(a)).hash();
      assertThat(hash)
          .isEqualTo(new Parameters(List.of("a"), List.of(a)).hash())
          .hasSize(64)
          .isNotEqualTo(new Parameters(List.of("b"), List.of(a)).hash())
          .isNotEqualTo(new Parameters(List.of("a"), List.of(b)).hash())
          .isNotEqualTo(new Parameters(List.of("a"), List.of(c)).hash());
    }
  }

  @Test
  void weightsComeBackFromAFile() throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (Parameters weights = network.initial(1)) {
      ParameterFiles.write(file, weights, Map.of("format", "pt"), true);
      try (Parameters read = network.load(folder)) {
        assertThat(read.hash()).isEqualTo(weights.hash());
      }
      DecoderNetwork other =
          new DecoderNetwork(new DecoderShape(6, 4, 1, 2, 1, 2, 6, 16, 10_000, 1e-5, true, 0.02));
      assertThatThrownBy(() -> other.load(file))
          .hasMessageContaining("weights [" + file + "] do not fit the network")
          .hasMessageContaining("must have the shape [6, 4], the file has [5, 4]");
      DecoderNetwork untied =
          new DecoderNetwork(new DecoderShape(5, 4, 1, 2, 1, 2, 6, 16, 10_000, 1e-5, false, 0.02));
      assertThatThrownBy(() -> untied.load(file))
          .hasMessageContaining("parameter [lm_head.weight] is missing");
    }
  }

  /** Every float16 there is but the NaNs: zeros of both signs, subnormals, infinities. */
  @Test
  void float16ComesBackByteByByteAndIsWidenedExactly() throws IOException {
    short[] all = new short[1 << 16];
    int count = 0;
    for (int bits = 0; bits < 1 << 16; bits++) {
      if (!Float.isNaN(Float.float16ToFloat((short) bits))) {
        all[count++] = (short) bits;
      }
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(all, 0, count);
    Path file = folder.resolve("halves.safetensors");
    try (Tensor halves = Tensor.of(DType.F16, bytes, count / 2, 2)) {
      ParameterFiles.write(file, new Parameters(List.of("a"), List.of(halves)), Map.of(), false);
    }
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        Parameters same = ParameterFiles.read(stored, List.of("a"));
        Parameters wide =
            ParameterFiles.read(
                stored, List.of(ParameterShape.of("a", count / 2, 2)), Set.<String>of())) {
      assertThat(stored.storedType("a")).isEqualTo("F16");
      assertThat(stored.bytes("a")).isEqualTo(bytes);
      assertThat(same.get("a").dtype()).isEqualTo(DType.F16);
      float[] floats = wide.get("a").toFloats();
      for (int i = 0; i < count; i++) {
        assertThat(Float.floatToRawIntBits(floats[i]))
            .isEqualTo(Float.floatToRawIntBits(Float.float16ToFloat(all[i])));
      }
      Path again = folder.resolve("again.safetensors");
      ParameterFiles.write(again, same, Map.of(), false);
      assertThat(again).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void aSnapshotIsFreedWhenTheLastHolderLetsGo() {
    PolicySnapshot snapshot = PolicySnapshot.of(1, 7, network.initial(1));
    Tensor tensor = snapshot.parameters().tensors().get(0);
    assertThat(snapshot.version().update()).isEqualTo(7);
    assertThat(snapshot.version().hash()).isEqualTo(snapshot.parameters().hash());
    assertThat(snapshot.retain()).isSameAs(snapshot);
    snapshot.close();
    assertThat(tensor.isClosed()).isFalse();
    snapshot.close();
    assertThat(tensor.isClosed()).isTrue();
    assertThatThrownBy(snapshot::retain).hasMessageContaining("snapshot of update [7]");
    assertThatThrownBy(snapshot::parameters).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(snapshot::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void configurationsAreReadInBothStylesAndWrittenBack() throws IOException {
    DecoderShape theta =
        HuggingFaceConfig.read(
            Path.of("src/test/resources/oracles/llama_untied_theta/config.json"));
    assertThat(theta.ropeTheta()).isEqualTo(500_000);
    assertThat(theta.tied()).isFalse();
    DecoderShape tied =
        HuggingFaceConfig.read(Path.of("src/test/resources/oracles/llama_gqa_tied/config.json"));
    assertThat(tied)
        .isEqualTo(new DecoderShape(256, 64, 2, 4, 2, 16, 128, 128, 10_000, 1e-5, true, 0.02));
    DecoderShape scaled =
        HuggingFaceConfig.read(Path.of("src/test/resources/oracles/llama_rope_llama3/config.json"));
    assertThat(scaled.ropeScaling()).isEqualTo(new RopeScaling(8, 1, 4, 32));
    DecoderShape biased =
        HuggingFaceConfig.read(Path.of("src/test/resources/oracles/llama_bias/config.json"));
    assertThat(List.of(biased.attentionBias(), biased.feedForwardBias())).containsOnly(true);
    Path file = folder.resolve("config.json");
    for (DecoderShape each : List.of(scaled, biased)) {
      Files.writeString(file, HuggingFaceConfig.write(each, 0, 1, 2));
      assertThat(HuggingFaceConfig.read(file)).isEqualTo(each);
    }
    Files.writeString(file, HuggingFaceConfig.write(theta, 0, 1, 2));
    assertThat(HuggingFaceConfig.read(file)).isEqualTo(theta);
    Files.writeString(file, "{\"model_type\": \"qwen3\"}");
    assertThatThrownBy(() -> HuggingFaceConfig.read(file))
        .hasMessageContaining("model_type [qwen3] is not supported, expected [llama]");
    Files.writeString(
        file, "{\"model_type\": \"llama\", \"rope_parameters\": {\"rope_type\": \"yarn\"}}");
    assertThatThrownBy(() -> HuggingFaceConfig.read(file))
        .hasMessageContaining("rope scaling [yarn] is not supported");
    Files.writeString(file, "{\"model_type\": \"llama\"}");
    assertThatThrownBy(() -> HuggingFaceConfig.read(file))
        .hasMessageContaining("has no [hidden_size]");
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThatThrownBy(() -> new DecoderShape(5, 4, 1, 3, 2, 2, 6, 16, 10_000, 1e-5, true, 0.02))
        .hasMessage("[kv-heads] must be a divisor of heads = 3, got [2]");
  }
}
