package dev.troupe.protocol.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessorKindTest {
  private static final ProcessorKind HERE = kind(List.of("avx2", "avx512f"), List.of(), 1, 2);

  @Test
  void theSameKindHasNoDifferencesWhateverTheLearnersThreads() {
    assertThat(kind(List.of("avx2", "avx512f"), List.of(), 1, 4).differences(HERE)).isEmpty();
  }

  @Test
  void whatChoosesKernelsAndRoundingIsADifference() {
    assertThat(kind(List.of("avx2", "amx_bf16"), List.of("MKL_CBWR=AVX2"), 2, 2).differences(HERE))
        .containsExactly(
            "instructions [amx_bf16], here [avx512f]",
            "settings [MKL_CBWR=AVX2], here []",
            "threads of an operation [2], here [1]");
  }

  @Test
  void ofAnEarlierRunNothingIsKnown() {
    assertThat(ProcessorKind.UNKNOWN.isKnown()).isFalse();
    assertThat(ProcessorKind.UNKNOWN.differences(HERE)).containsExactly("unknown processor");
    assertThat(ProcessorKind.UNKNOWN.text()).isEqualTo("unknown processor");
  }

  private static ProcessorKind kind(
      List<String> instructions, List<String> restrictions, int intraOp, int threads) {
    return new ProcessorKind(
        "amd64", "EPYC", instructions, restrictions, "cpu", "2.7.1", intraOp, threads);
  }
}
