package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import java.util.ArrayList;
import java.util.List;

/** Choices shown as vectors of zeros with a one in each choice's place. */
final class OneHotObservation extends ObservationWrapper {
  private final List<Integer> counts;

  OneHotObservation(Environment inner, List<Integer> counts) {
    super(inner, Space.box(0, 1, counts.stream().mapToInt(Integer::intValue).sum()));
    this.counts = new ArrayList<>(counts);
  }

  @Override
  void show(Transition seen, boolean first, Transition shown) {
    int at = 0;
    for (int i = 0; i < seen.size(); i++) {
      for (int choice = 0; choice < counts.get(i); choice++) {
        shown.observe(at, choice == seen.observed(i) ? 1f : 0f);
        at++;
      }
    }
  }
}
