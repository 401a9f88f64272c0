package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.torch.Opaque;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DecoderSamplingTest {
  private static final String PROGRAM =
      """
      class Program(Module):
          def prepare(
              self, w: List[Tensor], lanes: int, capacity: int
          ) -> Tuple[List[Tensor], List[Prepacked], List[Tensor]]:
              fused, packed = prepare(w)
              return (fused, packed, new_cache(lanes, capacity, fused, packed))

          def plain_prepare(
              self, w: List[Tensor], lanes: int, capacity: int
          ) -> Tuple[List[Tensor], List[Prepacked], List[Tensor]]:
              # as on other devices: in float64 nothing is packed
              fused, packed = prepare([each.to(torch.float64) for each in w])
              return (fused, packed, new_cache(lanes, capacity, fused, packed))

          def prefill(
              self,
              tokens: Tensor,
              lengths: Tensor,
              lanes: Tensor,
              cache: List[Tensor],
              fused: List[Tensor],
              packed: List[Prepacked],
          ) -> Tensor:
              return prefill(tokens, lengths, lanes, cache, fused, packed)

          def step(
              self,
              tokens: Tensor,
              positions: Tensor,
              cache: List[Tensor],
              fused: List[Tensor],
              packed: List[Prepacked],
          ) -> Tensor:
              return decode_step(tokens, positions, cache, fused, packed)

          def plain(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
              return torch.linear(hidden_states(tokens, w), head_weight(w))
      """;

  private static final int VOCABULARY = 13;
  private static final DecoderNetwork NETWORK =
      new DecoderNetwork(
          new DecoderShape(VOCABULARY, 16, 2, 6, 2, 4, 24, 48, 500, 1e-5, false, 0.4));

  private final TorchProgram program = compile();
  private final Parameters weights = NETWORK.initial(9);

  /** One sampler's state. */
  private record Sampler(List<Tensor> fused, Opaque packed, List<Tensor> cache)
      implements AutoCloseable {
    @Override
    public void close() {
      fused.forEach(Tensor::close);
      packed.close();
      cache.forEach(Tensor::close);
    }
  }

  @Test
  void lanesAtDifferentPositionsGiveTheLogitsOfTheWholeSequence() {
    long[][] sequences = sequences(3, 20);
    int[] prompts = {2, 5, 4};
    try (Sampler sampler = sampler(3, 32)) {
      float[] logits = prefill(sampler, sequences, prompts, new long[] {2, 0, 1}, 5);
      for (int i = 0; i < 3; i++) {
        assertRow(logits, i, sequences[i], prompts[i]);
      }
      for (int step = 0; step < 10; step++) {
        long[] tokens = new long[3];
        long[] positions = new long[3];
        long[] sequenceOfLane = {1, 2, 0};
        for (int lane = 0; lane < 3; lane++) {
          int sequence = (int) sequenceOfLane[lane];
          positions[lane] = (long) prompts[sequence] + step;
          tokens[lane] = sequences[sequence][(int) positions[lane]];
        }
        float[] next = step(sampler, tokens, positions);
        for (int lane = 0; lane < 3; lane++) {
          assertRow(next, lane, sequences[(int) sequenceOfLane[lane]], (int) positions[lane] + 1);
        }
      }
    }
  }

  @Test
  void withoutAnX86ProcessorsKernelsTheLogitsAreTheSame() {
    long[][] sequences = sequences(3, 20);
    int[] prompts = {2, 5, 4};
    long[] lanes = {0, 1, 2};
    try (Sampler packed = sampler(3, 32);
        Sampler plain = sampler("plain_prepare", 3, 32)) {
      assertClose(
          prefill(packed, sequences, prompts, lanes, 5),
          prefill(plain, sequences, prompts, lanes, 5));
      for (int step = 0; step < 10; step++) {
        long[] positions = {2 + step, 5 + step, 4 + step};
        long[] tokens = column(sequences, step);
        assertClose(step(packed, tokens, positions), step(plain, tokens, positions));
      }
    }
  }

  private static void assertClose(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isCloseTo(b[i], within(1e-4f));
    }
  }

  @Test
  void aLanesBitsDependOnItsOwnTokensOnly() {
    long[][] first = sequences(4, 20);
    long[][] second = sequences(4, 20);
    second[0] = sequences(5, 20)[4];
    second[3] = sequences(6, 20)[5];
    second[1] = first[1];
    second[2] = first[2];
    try (Sampler one = sampler(4, 48);
        Sampler other = sampler(4, 48)) {
      long[] lanes = {0, 1, 2, 3};
      float[] a = prefill(one, first, new int[] {3, 4, 5, 6}, lanes, 6);
      float[] b = prefill(other, second, new int[] {6, 4, 5, 1}, lanes, 6);
      assertSameLanes(a, b);
      for (int step = 0; step < 9; step++) {
        long[] positions = {3 + step, 4 + step, 5 + step, 6 + step};
        long[] others = {30 + step, 4 + step, 5 + step, 1 + step};
        float[] x = step(one, column(first, step), positions);
        float[] y = step(other, column(second, step), others);
        assertSameLanes(x, y);
      }
    }
  }

  private static void assertSameLanes(float[] a, float[] b) {
    for (int i = VOCABULARY; i < 3 * VOCABULARY; i++) {
      assertThat(Float.floatToIntBits(a[i])).isEqualTo(Float.floatToIntBits(b[i]));
    }
  }

  private void assertRow(float[] logits, int row, long[] sequence, int length) {
    try (Tensor tokens = Tensor.of(java.util.Arrays.copyOf(sequence, length), 1, length);
        Result result = program.run("plain", tokens, weights.tensors());
        Tensor plain = result.tensor()) {
      float[] expected = plain.toFloats();
      for (int v = 0; v < VOCABULARY; v++) {
        assertThat(logits[row * VOCABULARY + v])
            .isCloseTo(expected[(length - 1) * VOCABULARY + v], within(1e-4f));
      }
    }
  }

  private float[] prefill(
      Sampler sampler, long[][] sequences, int[] prompts, long[] lanes, int width) {
    long[] tokens = new long[sequences.length * width];
    long[] lengths = new long[sequences.length];
    for (int i = 0; i < sequences.length; i++) {
      lengths[i] = prompts[i];
      System.arraycopy(sequences[i], 0, tokens, i * width, prompts[i]);
    }
    try (Tensor prompt = Tensor.of(tokens, sequences.length, width);
        Tensor length = Tensor.of(lengths);
        Tensor lane = Tensor.of(lanes);
        Result result =
            program.run(
                "prefill",
                prompt,
                length,
                lane,
                sampler.cache(),
                sampler.fused(),
                sampler.packed());
        Tensor logits = result.tensor()) {
      return logits.toFloats();
    }
  }

  private float[] step(Sampler sampler, long[] tokens, long[] positions) {
    try (Tensor token = Tensor.of(tokens);
        Tensor position = Tensor.of(positions);
        Result result =
            program.run(
                "step", token, position, sampler.cache(), sampler.fused(), sampler.packed());
        Tensor logits = result.tensor()) {
      return logits.toFloats();
    }
  }

  private Sampler sampler(long lanes, long capacity) {
    return sampler("prepare", lanes, capacity);
  }

  private Sampler sampler(String prepare, long lanes, long capacity) {
    try (Result result = program.run(prepare, weights.tensors(), lanes, capacity)) {
      return new Sampler(result.tensors(0), result.opaque(1), result.tensors(2));
    }
  }

  private static long[][] sequences(int count, int length) {
    SplittableRandom random = new SplittableRandom(count);
    long[][] sequences = new long[count][length];
    for (long[] sequence : sequences) {
      for (int i = 0; i < length; i++) {
        sequence[i] = random.nextInt(VOCABULARY);
      }
    }
    return sequences;
  }

  private static long[] column(long[][] sequences, int at) {
    return java.util.Arrays.stream(sequences).mapToLong(sequence -> sequence[at]).toArray();
  }

  private static TorchProgram compile() {
    List<ProgramSource> sources = new ArrayList<>(NETWORK.sources());
    sources.add(new ProgramSource("sampling_test.py", PROGRAM));
    return TorchProgram.compile("sampling-test", sources, NETWORK.constants(Map.of()));
  }
}
