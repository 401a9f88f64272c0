package dev.troupe.rollout.environment.classic;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;

/**
 * The mountain car with a force to choose: 100 for the goal, less a tenth of every action squared.
 *
 * <p>As Gymnasium's MountainCarContinuous-v0 computes it: in double precision in an episode's first
 * step, and in single precision after it, where only the cosine and the cost of the (unclipped)
 * action are doubles. Options: {@code goal-velocity}, {@code reset-low}, {@code reset-high}.
 */
final class MountainCarContinuous implements Environment, Drawable {
  private static final double PLACE_MIN = -1.2;
  private static final double PLACE_MAX = 0.6;
  private static final double SPEED_MAX = 0.07;
  private static final double GOAL = 0.45;
  private static final double POWER = 0.0015;
  private static final double GRAVITY = 0.0025;
  private static final Space ACTIONS = Space.box(new float[] {-1}, new float[] {1}, "force");

  private final Trigonometry trigonometry = new Trigonometry();
  private final double goalSpeed;
  private final double resetLow;
  private final double resetHigh;
  private double place;
  private double speed;
  private boolean single;

  record State(double place, double speed, boolean single) {}

  MountainCarContinuous(EnvironmentOptions options) {
    goalSpeed = options.number("goal-velocity", 0, -1, 1);
    resetLow = options.number("reset-low", -0.6, -1e6, 1e6);
    resetHigh = options.number("reset-high", -0.4, resetLow, 1e6);
  }

  @Override
  public Space observationSpace() {
    return MountainCar.OBSERVATIONS;
  }

  @Override
  public Space actionSpace() {
    return ACTIONS;
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    place = random.uniform(resetLow, resetHigh);
    speed = 0;
    single = false;
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    float force = action.value(0);
    boolean goal = single ? moveSingle(force) : moveDouble(force);
    place = rounded(place);
    speed = rounded(speed);
    single = true;
    observe(next);
    if (goal) {
      next.terminate();
    }
    return (goal ? 100.0 : 0.0) - (double) force * force * 0.1;
  }

  /** To single precision. */
  private static float rounded(double value) {
    return (float) value;
  }

  /** The change of speed; a clipped force is a double, another one makes it single. */
  private double push(float force, double slope) {
    if (force < -1 || force > 1) {
      return (force < 0 ? -1.0 : 1.0) * POWER - slope;
    }
    return force * (float) POWER - (float) slope;
  }

  private boolean moveDouble(float force) {
    speed += push(force, GRAVITY * trigonometry.cos(3 * place));
    speed = Math.min(Math.max(speed, -SPEED_MAX), SPEED_MAX);
    place += speed;
    place = Math.min(Math.max(place, PLACE_MIN), PLACE_MAX);
    if (place == PLACE_MIN && speed < 0) {
      speed = 0;
    }
    return place >= GOAL && speed >= goalSpeed;
  }

  private boolean moveSingle(float force) {
    float at = (float) place;
    float moving = (float) speed;
    moving += (float) push(force, GRAVITY * trigonometry.cos(3 * at));
    moving = Math.min(Math.max(moving, -(float) SPEED_MAX), (float) SPEED_MAX);
    at += moving;
    at = Math.min(Math.max(at, (float) PLACE_MIN), (float) PLACE_MAX);
    if (at == (float) PLACE_MIN && moving < 0) {
      moving = 0;
    }
    place = at;
    speed = moving;
    return at >= (float) GOAL && moving >= (float) goalSpeed;
  }

  private void observe(Transition to) {
    to.observe(0, place);
    to.observe(1, speed);
  }

  @Override
  public Object state() {
    return new State(place, speed, single);
  }

  @Override
  public void restore(Object state) {
    var from = (State) state;
    place = from.place();
    speed = from.speed();
    single = from.single();
  }

  @Override
  public List<Class<?>> stateTypes() {
    return List.of(State.class);
  }

  @Override
  public Picture picture() {
    return ClassicPictures.mountainCar(place, GOAL);
  }

  @Override
  public double stepsPerSecond() {
    return ClassicPictures.MEDIUM;
  }
}
