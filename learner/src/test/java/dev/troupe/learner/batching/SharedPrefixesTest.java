package dev.troupe.learner.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.tensor.IntArray;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedPrefixesTest {
  @Test
  void readsEachDistinctPrefixOnce() {
    List<TrainingSequence> sequences =
        List.of(example(ints(1, 2), 5, 6, 9), example(ints(3), 4), example(ints(1, 2), 5, 7, 8, 9));
    SharedPrefixes shared = new SharedPrefixes(sequences, 16);
    // In the order of dictionaries: 1 2 5 6, then 1 2 5 (7 8), then 3; one token that nobody has.
    assertThat(shared.tokens()).isEqualTo(7);
    assertThat(values(shared, 0)).containsExactly(1, 2, 5, 6, 7, 8, 3, 0);
    assertThat(values(shared, 1)).containsExactly(0, 1, 2, 3, 3, 4, 0, 0);
    // One block, whose rows are filled up with token 7: four queries, two, one.
    assertThat(shared.tensors()).hasSize(5);
    assertThat(values(shared, 2)).containsExactly(0, 1, 2, 3, 7, 0, 1, 2, 4, 5, 6, 7, 7, 7, 7);
    assertThat(values(shared, 3)).containsExactly(0, 1, 2, 3, 4, 5, 7, 7, 6, 7, 7, 7);
    assertThat(values(shared, 4)).containsExactly(0, 1, 2, 3, 3, 4, 0, 0, 0, 0, 0, 0);
    MicroBatch batch = new MicroBatch(sequences, shared);
    assertThat(batch.targets()).containsExactly(5, 6, 9, 4, 5, 7, 8, 9);
    assertThat(batch.predictors()).containsExactly(1, 2, 3, 6, 1, 2, 4, 5);
  }

  @Test
  void whatOneSequenceHasOfAnotherNeedsNoAttentionOfItsOwn() {
    List<TrainingSequence> same = List.of(example(ints(1), 2, 3), example(ints(1), 2, 3));
    SharedPrefixes shared = new SharedPrefixes(same, 16);
    assertThat(shared.tokens()).isEqualTo(2);
    assertThat(shared.tensors().get(2).shape()).containsExactly(1, 2);
    assertThat(new MicroBatch(same, shared).predictors()).containsExactly(0, 1, 0, 1);
  }

  @Test
  void lengthsThatDifferMuchAreNotFilledUpToTheLongest() {
    List<TrainingSequence> sequences =
        List.of(example(ints(1), new int[200]), example(ints(2), 3), example(ints(4), 5));
    List<AttentionBlock> blocks = AttentionBlock.of(new PrefixTree(sequences));
    assertThat(blocks)
        .containsExactly(
            new AttentionBlock(List.of(0), 200, 200), new AttentionBlock(List.of(1, 2), 1, 1));
  }

  @Test
  void attentionCostsAtMostSomeCallsMoreThanThatOfEverySequenceAlone() {
    List<TrainingSequence> sequences =
        java.util.stream.IntStream.rangeClosed(1, 120)
            .mapToObj(i -> example(ints(i), new int[i]))
            .toList();
    List<AttentionBlock> blocks = AttentionBlock.of(new PrefixTree(sequences));
    long filled =
        blocks.stream().mapToLong(b -> (long) b.rows().size() * b.queries() * b.keys()).sum();
    long alone = sequences.stream().mapToLong(s -> (long) s.inputs() * s.inputs()).sum();
    assertThat(filled - alone).isBetween(0L, 2_000L * blocks.size());
    assertThat(blocks.size()).isBetween(10, 60);
    assertThat(blocks.stream().mapToInt(block -> block.rows().size()).sum()).isEqualTo(120);
  }

  private static long[] values(SharedPrefixes shared, int tensor) {
    return shared.tensors().get(tensor).values();
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static TrainingSequence example(int[] prompt, int... completion) {
    return TrainingSequence.supervised(
        IntArray.of(prompt), IntArray.of(Arrays.copyOf(completion, completion.length)));
  }
}
