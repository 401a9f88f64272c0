package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/** Takes actions within [-1, 1] and stretches them over the inner box, clipped to it. */
final class RescaleAction extends Wrapper {
  private final Space.Box box;
  private final Space space;
  private final Actions stretched;
  private final Action inside;

  RescaleAction(Environment inner, Space.Box box) {
    super(inner);
    this.box = box;
    int[] shape = box.shape().stream().mapToInt(Integer::intValue).toArray();
    this.space = Space.box(-1, 1, shape);
    this.stretched = new Actions(box, 1);
    this.inside = stretched.of(0);
  }

  @Override
  public Space actionSpace() {
    return space;
  }

  @Override
  public void prepare(Action action) {
    stretch(action);
    inner().prepare(inside);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    stretch(action);
    return inner().step(inside, random, next);
  }

  private void stretch(Action action) {
    for (int i = 0; i < box.size(); i++) {
      float low = box.low().at(i);
      float high = box.high().at(i);
      float value = low + (action.value(i) + 1) * ((high - low) / 2);
      stretched.values()[i] = Math.min(Math.max(value, low), high);
    }
  }
}
