package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InModel;
import dev.troupe.rollout.random.Pcg64;
import java.lang.foreign.MemorySegment;

/**
 * A two-legged body that walks: forward speed of its centre of mass and a bonus for its height,
 * less the costs of the motors and of the forces at contacts.
 *
 * <p>Options: those of Gymnasium's Humanoid-v5, with hyphens.
 */
final class Humanoid extends MujocoEnvironment {
  private static final int NUMBERS_OF_INERTIA = 10;
  private static final int NUMBERS_OF_A_FORCE = 6;
  private static final int FREE = 6;

  private final MemorySegment centres;
  private final MemorySegment inertia;
  private final MemorySegment bodySpeeds;
  private final MemorySegment motorForces;
  private final MemorySegment forces;
  private final double[] masses;
  private final double mass;
  private final double[] squares;
  private final double[] motorSquares;
  private final int hidden;
  private final boolean showsInertia;
  private final boolean showsSpeeds;
  private final boolean showsMotors;
  private final boolean showsForces;
  private final double forwardWeight;
  private final double controlWeight;
  private final double contactWeight;
  private final Range contactCosts;
  private final double healthyReward;
  private final boolean endsUnhealthy;
  private final Range height;
  private final double noise;
  private final Space observations;

  Humanoid(MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    super(installation, task, options);
    int bodies = bodies();
    centres = simulation().array(InData.XIPOS, 3 * bodies);
    inertia = simulation().array(InData.CINERT, NUMBERS_OF_INERTIA * bodies);
    bodySpeeds = simulation().array(InData.CVEL, NUMBERS_OF_A_FORCE * bodies);
    motorForces = simulation().array(InData.QFRC_ACTUATOR, velocities());
    forces = simulation().array(InData.CFRC_EXT, NUMBERS_OF_A_FORCE * bodies);
    masses = simulation().constants(InModel.BODY_MASS, bodies);
    mass = NumpySum.of(masses, bodies);
    squares = new double[NUMBERS_OF_A_FORCE * bodies];
    motorSquares = new double[motors()];
    hidden = options.truth("exclude-current-positions-from-observation", true) ? 2 : 0;
    showsInertia = options.truth("include-cinert-in-observation", true);
    showsSpeeds = options.truth("include-cvel-in-observation", true);
    showsMotors = options.truth("include-qfrc-actuator-in-observation", true);
    showsForces = options.truth("include-cfrc-ext-in-observation", true);
    forwardWeight = options.number("forward-reward-weight", 1.25, -1e9, 1e9);
    controlWeight = options.number("ctrl-cost-weight", 0.1, -1e9, 1e9);
    contactWeight = options.number("contact-cost-weight", 5e-7, -1e9, 1e9);
    contactCosts = Range.of(options, "contact-cost-range", Double.NEGATIVE_INFINITY, 10);
    healthyReward = options.number("healthy-reward", 5, -1e9, 1e9);
    endsUnhealthy = options.truth("terminate-when-unhealthy", true);
    height = Range.of(options, "healthy-z-range", 1, 2);
    noise = options.number("reset-noise-scale", 1e-2, 0, 1e9);
    observations =
        unbounded(
            positions()
                + velocities()
                - hidden
                + (showsInertia ? NUMBERS_OF_INERTIA * (bodies - 1) : 0)
                + (showsSpeeds ? NUMBERS_OF_A_FORCE * (bodies - 1) : 0)
                + (showsMotors ? velocities() - FREE : 0)
                + (showsForces ? NUMBERS_OF_A_FORCE * (bodies - 1) : 0));
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, noise, position);
    uniform(random, noise, velocity);
  }

  @Override
  void observe(Transition to) {
    int at = 0;
    for (int i = hidden; i < positions(); i++) {
      to.observe(at++, position(i));
    }
    for (int i = 0; i < velocities(); i++) {
      to.observe(at++, velocity(i));
    }
    if (showsInertia) {
      at = observe(to, at, inertia, NUMBERS_OF_INERTIA, NUMBERS_OF_INERTIA * bodies());
    }
    if (showsSpeeds) {
      at = observe(to, at, bodySpeeds, NUMBERS_OF_A_FORCE, NUMBERS_OF_A_FORCE * bodies());
    }
    if (showsMotors) {
      at = observe(to, at, motorForces, FREE, velocities());
    }
    if (showsForces) {
      observe(to, at, forces, NUMBERS_OF_A_FORCE, NUMBERS_OF_A_FORCE * bodies());
    }
  }

  private static int observe(Transition to, int at, MemorySegment numbers, int from, int until) {
    int next = at;
    for (int i = from; i < until; i++) {
      to.observe(next++, numbers.getAtIndex(JAVA_DOUBLE, i));
    }
    return next;
  }

  /** Of the centre of mass. */
  @Override
  double place() {
    double moment = 0;
    for (int body = 0; body < masses.length; body++) {
      moment += masses[body] * centres.getAtIndex(JAVA_DOUBLE, 3L * body);
    }
    return moment / mass;
  }

  @Override
  double judge(Action action, Transition next) {
    boolean healthy = height.holds(position(2));
    if (!healthy && endsUnhealthy) {
      next.terminate();
    }
    for (int i = 0; i < squares.length; i++) {
      double force = forces.getAtIndex(JAVA_DOUBLE, i);
      squares[i] = force * force;
    }
    for (int i = 0; i < motorSquares.length; i++) {
      motorSquares[i] = control(i) * control(i);
    }
    double contactCost = contactCosts.clip(contactWeight * NumpySum.of(squares, squares.length));
    double controlCost = controlWeight * NumpySum.of(motorSquares, motorSquares.length);
    return forwardWeight * speed() + (healthy ? healthyReward : 0) - (controlCost + contactCost);
  }
}
