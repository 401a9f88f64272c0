package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An environment of Gymnasium's, in another process. Alone it has a worker of its own; in a vector
 * it shares workers with the others.
 *
 * <p>An episode's seed is drawn from the generator that is given, so that the same generator plays
 * the same episode again. What the environment knows can't be taken out of it: after a pause its
 * episode begins anew.
 */
final class GymnasiumEnvironment implements Environment {
  private static final int SEEDS = Integer.MAX_VALUE;

  private final Blueprint blueprint;
  private @Nullable Crew crew;
  private int lane;
  private boolean fresh;

  /**
   * @throws dev.troupe.rollout.environment.BadEnvironmentException if it can't be made
   */
  GymnasiumEnvironment(Blueprint blueprint) {
    this.blueprint = blueprint;
    var _ = blueprint.spaces();
  }

  @Override
  public Space observationSpace() {
    return blueprint.spaces().observations();
  }

  @Override
  public Space actionSpace() {
    return blueprint.spaces().actions();
  }

  @Override
  public boolean join(List<Environment> vector) {
    Crew shared = null;
    for (Environment each : vector) {
      if (each instanceof GymnasiumEnvironment other && other.crew != null) {
        shared = other.crew;
      }
    }
    boolean isNew = shared == null;
    Crew all = shared == null ? new Crew(blueprint, vector.size()) : shared;
    for (int i = 0; i < vector.size(); i++) {
      if (vector.get(i) instanceof GymnasiumEnvironment other && other.crew == null) {
        other.enter(all, i, !isNew);
      }
    }
    return true;
  }

  private void enter(Crew entered, int place, boolean replaces) {
    crew = entered;
    lane = place;
    fresh = replaces;
    if (replaces) {
      entered.enter();
    }
  }

  private Crew crew() {
    if (crew == null) {
      join(List.of(this));
    }
    if (crew == null) {
      throw new IllegalStateException("an environment that joined has a crew");
    }
    return crew;
  }

  @Override
  public void prepare(Action action) {
    crew().prepare(lane, action);
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    boolean replaced = fresh;
    fresh = false;
    crew().reset(lane, random.integer(SEEDS), replaced, first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    if (!crew().isPrepared(lane)) {
      prepare(action);
    }
    return crew().step(lane, next);
  }

  @Override
  public boolean isLost() {
    return crew != null && crew.isLost(lane);
  }

  @Override
  public boolean resumes() {
    return false;
  }

  /** Nothing: see {@link #resumes}. */
  @Override
  public Object state() {
    return 0;
  }

  @Override
  public void restore(Object state) {}

  @Override
  public void close() {
    if (crew != null) {
      crew.leave();
      crew = null;
    }
  }
}
