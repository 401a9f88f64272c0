package dev.troupe.learner.batching;

import dev.troupe.protocol.tensor.IntArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which sequences share a micro-batch. The same sequences in the same order always give the same
 * plan. Sequences without trained tokens are left out: they have no gradient.
 */
public final class MicroBatchPlan {
  private MicroBatchPlan() {}

  /**
   * Sequences of like lengths together, then by place in the batch: least padding.
   *
   * @param which indices of sequences to plan for
   * @param size sequences of a micro-batch
   * @return indices, longest first so that the slowest micro-batch starts first
   */
  public static List<List<Integer>> byLength(
      List<TrainingSequence> sequences, IntPredicate which, int size) {
    return cut(sorted(sequences, which), size);
  }

  /**
   * Sequences with the same prompt together, prompts in the order of their longest sequence. A
   * prompt whose sequences come apart where a micro-batch ends is read in both.
   *
   * @param which indices of sequences to plan for
   * @param size sequences of a micro-batch
   * @return indices
   */
  public static List<List<Integer>> byPrompt(
      List<TrainingSequence> sequences, IntPredicate which, int size) {
    Map<IntArray, List<Integer>> prompts = new LinkedHashMap<>();
    for (int index : sorted(sequences, which)) {
      prompts.computeIfAbsent(sequences.get(index).prompt(), _ -> new ArrayList<>()).add(index);
    }
    return cut(prompts.values().stream().flatMap(List::stream).toList(), size);
  }

  private static List<Integer> sorted(List<TrainingSequence> sequences, IntPredicate which) {
    return IntStream.range(0, sequences.size())
        .filter(which)
        .boxed()
        .filter(index -> sequences.get(index).trainedTokens() > 0)
        .sorted(
            Comparator.<Integer>comparingInt(index -> -sequences.get(index).inputs())
                .thenComparingInt(index -> index))
        .toList();
  }

  private static List<List<Integer>> cut(List<Integer> order, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("micro-batch must hold at least 1, got [" + size + "]");
    }
    List<List<Integer>> plan = new ArrayList<>();
    for (int from = 0; from < order.size(); from += size) {
      plan.add(List.copyOf(order.subList(from, Math.min(order.size(), from + size))));
    }
    return plan;
  }
}
