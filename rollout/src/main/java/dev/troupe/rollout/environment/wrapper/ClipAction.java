package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/** Clips actions to the box before the environment sees them. */
final class ClipAction extends Wrapper {
  private final Space.Box box;
  private final Actions clipped;
  private final Action inside;

  ClipAction(Environment inner, Space.Box box) {
    super(inner);
    this.box = box;
    this.clipped = new Actions(box, 1);
    this.inside = clipped.of(0);
  }

  @Override
  public void prepare(Action action) {
    clip(action);
    inner().prepare(inside);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    clip(action);
    return inner().step(inside, random, next);
  }

  private void clip(Action action) {
    for (int i = 0; i < box.size(); i++) {
      clipped.values()[i] = Math.min(Math.max(action.value(i), box.low().at(i)), box.high().at(i));
    }
  }
}
