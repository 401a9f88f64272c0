package dev.troupe.actors.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights that remember what they were trained on, so that every batch can be seen to count once.
 *
 * @param update updates they contain
 * @param batch the last batch they were trained on; 0 = none
 * @param before the weights before that batch
 */
record Weights(long update, long batch, Optional<Weights> before) {
  static final Weights INITIAL = new Weights(0, 0, Optional.empty());

  /** Supervised training up to {@code update}. */
  Weights supervised(long update) {
    return new Weights(update, batch, before);
  }

  Weights trained(long number) {
    return new Weights(update + 1, number, Optional.of(this));
  }

  /** Every batch they were trained on, oldest first. */
  List<Long> batches() {
    List<Long> numbers = new ArrayList<>();
    for (Weights at = this; at.before().isPresent(); at = at.before().get()) {
      numbers.addFirst(at.batch());
    }
    return numbers;
  }
}
