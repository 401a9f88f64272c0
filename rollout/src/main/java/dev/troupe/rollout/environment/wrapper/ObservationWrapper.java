package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/** Shows another observation than the inner environment's. */
abstract class ObservationWrapper extends Wrapper {
  private final Space space;
  private final Transition seen;

  ObservationWrapper(Environment inner, Space space) {
    super(inner);
    this.space = space;
    this.seen = Transition.of(inner.observationSpace());
  }

  /**
   * Writes what is shown for what was seen.
   *
   * @param first whether an episode begins
   */
  abstract void show(Transition seen, boolean first, Transition shown);

  @Override
  public final Space observationSpace() {
    return space;
  }

  @Override
  public final void reset(Pcg64 random, Transition first) {
    seen.clear();
    inner().reset(random, seen);
    show(seen, true, first);
  }

  @Override
  public final double step(Action action, Pcg64 random, Transition next) {
    seen.clear();
    double reward = inner().step(action, random, seen);
    show(seen, false, next);
    if (seen.terminated()) {
      next.terminate();
    }
    if (seen.truncated()) {
      next.truncate();
    }
    return reward;
  }
}
