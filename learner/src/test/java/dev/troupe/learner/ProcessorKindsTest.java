package dev.troupe.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.ledger.ProcessorKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessorKindsTest {
  @Test
  void readsModelInstructionsAndWhatTakesThemAway() {
    ProcessorKind kind =
        ProcessorKinds.of(
            List.of(
                "processor\t: 0",
                "model name\t: AMD EPYC 9R14",
                "flags\t\t: fpu sse4_2 fma avx2 avx avx512_bf16 rdrand",
                "processor\t: 1",
                "model name\t: another"),
            List.of(),
            "cpu",
            2,
            Map.of("PATH", "/bin", "ONEDNN_MAX_CPU_ISA", "AVX2"));

    assertThat(kind.model()).isEqualTo("AMD EPYC 9R14");
    assertThat(kind.instructions()).containsExactly("avx", "avx2", "avx512_bf16", "fma", "sse4_2");
    assertThat(kind.restrictions()).containsExactly("ONEDNN_MAX_CPU_ISA=AVX2");
    assertThat(kind.intraOpThreads()).isPositive();
    assertThat(kind.learnerThreads()).isEqualTo(2);
    assertThat(kind.torch()).startsWith("2.");
  }

  @Test
  void knowsProcessorsWithoutAName() {
    ProcessorKind kind =
        ProcessorKinds.of(
            List.of(
                "Features\t: fp asimd sve bf16 crc32",
                "CPU implementer\t: 0x41",
                "CPU variant\t: 0x1",
                "CPU part\t: 0xd40"),
            List.of("NVIDIA H100"),
            "cuda:0",
            1,
            Map.of());

    assertThat(kind.model()).isEqualTo("0x41 0xd40 0x1 + NVIDIA H100");
    assertThat(kind.instructions()).containsExactly("asimd", "bf16", "sve");
  }
}
