package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** An environment around another one; what isn't overridden is the inner one's. */
abstract class Wrapper implements Environment {
  private final Environment inner;

  /** The inner one's state and the wrapper's own. */
  record State(Object inner, Object own) {}

  Wrapper(Environment inner) {
    this.inner = inner;
  }

  final Environment inner() {
    return inner;
  }

  /** What this wrapper remembers from step to step. */
  Object own() {
    return 0;
  }

  void restoreOwn(Object own) {}

  @Override
  public Space observationSpace() {
    return inner.observationSpace();
  }

  @Override
  public Space actionSpace() {
    return inner.actionSpace();
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    inner.reset(random, first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    return inner.step(action, random, next);
  }

  @Override
  public final Object state() {
    return new State(inner.state(), own());
  }

  @Override
  public final void restore(Object state) {
    var from = (State) state;
    inner.restore(from.inner());
    restoreOwn(from.own());
  }

  @Override
  public final List<Class<?>> stateTypes() {
    var types = new LinkedHashSet<>(inner.stateTypes());
    types.add(State.class);
    types.add(RunningStatistics.State.class);
    types.add(NormalizeReward.Own.class);
    return new ArrayList<>(types);
  }

  @Override
  public void prepare(Action action) {
    inner.prepare(action);
  }

  @Override
  public final boolean resumes() {
    return inner.resumes();
  }

  @Override
  public final boolean join(List<Environment> vector) {
    return inner.join(vector);
  }

  @Override
  public final boolean isLost() {
    return inner.isLost();
  }

  @Override
  public final Environment unwrapped() {
    return inner.unwrapped();
  }

  @Override
  public final void close() {
    inner.close();
  }
}
