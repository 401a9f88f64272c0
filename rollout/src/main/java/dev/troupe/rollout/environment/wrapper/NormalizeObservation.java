package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import java.nio.FloatBuffer;

/** Observations less their running mean, by their running standard deviation, as in Gymnasium. */
final class NormalizeObservation extends ObservationWrapper {
  private static final double EPSILON = 1e-8;

  private final RunningStatistics statistics;
  private final FloatBuffer row;

  NormalizeObservation(Environment inner) {
    super(inner, space(inner.observationSpace()));
    int size = inner.observationSpace().size();
    statistics = new RunningStatistics(size);
    row = FloatBuffer.allocate(size);
  }

  private static Space space(Space inner) {
    int[] shape = inner.shape().stream().mapToInt(Integer::intValue).toArray();
    return Space.box(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, shape);
  }

  @Override
  void show(Transition seen, boolean first, Transition shown) {
    for (int i = 0; i < seen.size(); i++) {
      row.put(i, seen.observed(i));
    }
    statistics.update(row, 1);
    for (int i = 0; i < seen.size(); i++) {
      float value = statistics.normalised(i, seen.observed(i), EPSILON, Double.POSITIVE_INFINITY);
      shown.observe(i, value);
    }
  }

  @Override
  Object own() {
    return statistics.state();
  }

  @Override
  void restoreOwn(Object own) {
    statistics.restore((RunningStatistics.State) own);
  }
}
