package dev.troupe.deploy.bench;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;
import java.util.Map;

/** CartPole whose every step takes a millisecond more, without a processor: as a simulator far. */
public final class SlowPole implements Environment {
  private static final int MILLIS = 1;

  private final Environment pole = Environments.standard().find("CartPole-v1", Map.of()).create();

  @Override
  public Space observationSpace() {
    return pole.observationSpace();
  }

  @Override
  public Space actionSpace() {
    return pole.actionSpace();
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    pole.reset(random, first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in a step", e);
    }
    return pole.step(action, random, next);
  }

  @Override
  public Object state() {
    return pole.state();
  }

  @Override
  public void restore(Object state) {
    pole.restore(state);
  }

  @Override
  public List<Class<?>> stateTypes() {
    return pole.stateTypes();
  }
}
