package dev.troupe.rollout.environment.mujoco;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/**
 * The tasks in a plane: Hopper, Walker2d, HalfCheetah, Swimmer. The reward is forward speed, and a
 * bonus while the body is healthy, less the cost of the action.
 *
 * <p>Options: {@code forward-reward-weight}, {@code ctrl-cost-weight}, {@code reset-noise-scale},
 * {@code exclude-current-positions-from-observation}; of Hopper and Walker2d {@code
 * healthy-reward}, {@code terminate-when-unhealthy}, {@code healthy-z-range}, {@code
 * healthy-angle-range}; of Hopper {@code healthy-state-range}.
 */
final class Runner extends MujocoEnvironment {
  private static final double SPEED_SHOWN_MAX = 10;

  private final boolean healthCounts;
  private final boolean normalSpeeds;
  private final int hidden;
  private final double forwardWeight;
  private final double controlWeight;
  private final double healthyReward;
  private final boolean endsUnhealthy;
  private final Range height;
  private final Range angle;
  private final Range state;
  private final double noise;
  private final Space observations;

  /**
   * What sets the four apart.
   *
   * @param places positions that don't count for the task, left out of observations
   * @param controlWeight cost of the action
   * @param noise of a reset
   * @param normalSpeeds whether speeds begin normal rather than uniform
   * @param health whether there is an unhealthy state, and speeds are shown clipped
   * @param heightLow least healthy height
   * @param heightHigh most healthy height
   * @param angle most healthy angle either way
   * @param state most healthy value of everything else either way
   */
  record Kind(
      int places,
      double controlWeight,
      double noise,
      boolean normalSpeeds,
      boolean health,
      double heightLow,
      double heightHigh,
      double angle,
      double state) {}

  static final Kind HOPPER =
      new Kind(1, 1e-3, 5e-3, false, true, 0.7, Double.POSITIVE_INFINITY, 0.2, 100);
  static final Kind WALKER =
      new Kind(1, 1e-3, 5e-3, false, true, 0.8, 2, 1, Double.POSITIVE_INFINITY);
  static final Kind CHEETAH = new Kind(1, 0.1, 0.1, true, false, 0, 0, 0, 0);
  static final Kind SWIMMER = new Kind(2, 1e-4, 0.1, false, false, 0, 0, 0, 0);

  Runner(MujocoInstallation installation, MujocoTask task, Kind kind, EnvironmentOptions options) {
    super(installation, task, options);
    healthCounts = kind.health();
    normalSpeeds = kind.normalSpeeds();
    hidden = options.truth("exclude-current-positions-from-observation", true) ? kind.places() : 0;
    forwardWeight = options.number("forward-reward-weight", 1, -1e9, 1e9);
    controlWeight = options.number("ctrl-cost-weight", kind.controlWeight(), -1e9, 1e9);
    noise = options.number("reset-noise-scale", kind.noise(), 0, 1e9);
    healthyReward = healthCounts ? options.number("healthy-reward", 1, -1e9, 1e9) : 0;
    endsUnhealthy = healthCounts && options.truth("terminate-when-unhealthy", true);
    height = range(options, "healthy-z-range", kind.heightLow(), kind.heightHigh());
    angle = range(options, "healthy-angle-range", -kind.angle(), kind.angle());
    state =
        Double.isFinite(kind.state())
            ? range(options, "healthy-state-range", -kind.state(), kind.state())
            : new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    observations = unbounded(positions() + velocities() - hidden);
  }

  private Range range(EnvironmentOptions options, String name, double low, double high) {
    return healthCounts ? Range.of(options, name, low, high) : new Range(low, high);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, noise, position);
    if (normalSpeeds) {
      normal(random, noise, velocity);
    } else {
      uniform(random, noise, velocity);
    }
  }

  @Override
  void observe(Transition to) {
    int at = 0;
    for (int i = hidden; i < positions(); i++) {
      to.observe(at++, position(i));
    }
    for (int i = 0; i < velocities(); i++) {
      double speed = velocity(i);
      to.observe(at++, healthCounts ? Math.clamp(speed, -SPEED_SHOWN_MAX, SPEED_SHOWN_MAX) : speed);
    }
  }

  @Override
  double place() {
    return position(0);
  }

  @Override
  double judge(Action action, Transition next) {
    boolean healthy = isHealthy();
    if (!healthy && endsUnhealthy) {
      next.terminate();
    }
    float controlCost = (float) controlWeight * actionSquared(action);
    return forwardWeight * speed() + (healthy ? healthyReward : 0) - controlCost;
  }

  private boolean isHealthy() {
    if (!healthCounts) {
      return true;
    }
    boolean within = height.holds(position(1)) && angle.holds(position(2));
    for (int i = 2; i < positions() && within; i++) {
      within = state.holds(position(i));
    }
    for (int i = 0; i < velocities() && within; i++) {
      within = state.holds(velocity(i));
    }
    return within;
  }
}
