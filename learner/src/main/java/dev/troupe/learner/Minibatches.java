package dev.troupe.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Parts of a batch for several optimizer steps. With one part the batch's order stays; with more,
 * every pass shuffles by (seed, update, pass), so that the same update always takes the same steps.
 */
final class Minibatches {
  private Minibatches() {}

  static <T> List<List<T>> of(List<T> batch, int parts, long seed, long update, int pass) {
    if (parts == 1) {
      return List.of(batch);
    }
    List<T> shuffled = new ArrayList<>(batch);
    SplittableRandom random =
        new SplittableRandom(seed ^ (update * 0x9E3779B97F4A7C15L) ^ ((long) pass << 48));
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T swapped = shuffled.get(i);
      shuffled.set(i, shuffled.get(j));
      shuffled.set(j, swapped);
    }
    List<List<T>> minibatches = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) shuffled.size() * part / parts);
      int to = (int) ((long) shuffled.size() * (part + 1) / parts);
      minibatches.add(List.copyOf(shuffled.subList(from, to)));
    }
    return minibatches;
  }
}
