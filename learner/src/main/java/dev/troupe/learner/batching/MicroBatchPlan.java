package dev.troupe.learner.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which sequences share a micro-batch: sorted by length, then by place in the batch, cut every
 * {@code size} sequences. The same sequences in the same order always give the same plan. Sequences
 * without trained tokens are left out: they have no gradient.
 */
public final class MicroBatchPlan {
  private MicroBatchPlan() {}

  /**
   * Indices of the sequences of each micro-batch, longest first so that the slowest starts first.
   *
   * @param size sequences of a micro-batch
   */
  public static List<List<Integer>> of(List<TrainingSequence> sequences, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("micro-batch must hold at least 1, got [" + size + "]");
    }
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .filter(index -> sequences.get(index).trainedTokens() > 0)
            .sorted(
                Comparator.<Integer>comparingInt(index -> -sequences.get(index).inputs())
                    .thenComparingInt(index -> index))
            .toList();
    List<List<Integer>> plan = new ArrayList<>();
    for (int from = 0; from < order.size(); from += size) {
      plan.add(List.copyOf(order.subList(from, Math.min(order.size(), from + size))));
    }
    return plan;
  }
}
