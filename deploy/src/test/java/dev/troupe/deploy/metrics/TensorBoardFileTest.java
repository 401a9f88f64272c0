package dev.troupe.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardFileTest {
  @TempDir Path folder = Path.of("");

  /** Bytes as the tensorboard package 2.21 writes them for the same events. */
  @Test
  void writesTheBytesThatTensorBoardWrites() throws IOException {
    try (TensorBoardFile file = new TensorBoardFile(folder, 1_700_000_000_000L, 42)) {
      file.write(1_700_000_001_500L, 7, new TreeMap<>(Map.of("reward/mean", 0.5, "x", -2.0)));
    }

    Path written = folder.resolve("events.out.tfevents.1700000000.troupe.42");
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(written)))
        .isEqualTo(EXPECTED.replace("\n", ""));
  }

  private static final String EXPECTED =
      """
      1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d
      2b00000000000000861bc34b0900006040fc54d94110072a1e0a120a0b7265776172642f6d65616e
      150000003f0a080a017815000000c091a6291e
      """;
}
