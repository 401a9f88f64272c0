package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.random.Pcg64;
import java.lang.foreign.MemorySegment;

/**
 * A four-legged body that walks: forward speed of the torso and a bonus for health, less the costs
 * of the action and of the forces at contacts, which are observed, too.
 *
 * <p>Options: those of Gymnasium's Ant-v5, with hyphens; {@code main-body} is a number.
 */
final class Ant extends MujocoEnvironment {
  private static final int NUMBERS_OF_A_FORCE = 6;

  private final MemorySegment places;
  private final MemorySegment forces;
  private final double[] clipped;
  private final double[] squares;
  private final int mainBody;
  private final int hidden;
  private final boolean showsForces;
  private final double forwardWeight;
  private final double controlWeight;
  private final double contactWeight;
  private final double healthyReward;
  private final boolean endsUnhealthy;
  private final Range height;
  private final Range contact;
  private final double noise;
  private final Space observations;

  Ant(MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    super(installation, task, options);
    places = simulation().array(InData.XPOS, 3 * bodies());
    forces = simulation().array(InData.CFRC_EXT, NUMBERS_OF_A_FORCE * bodies());
    clipped = new double[NUMBERS_OF_A_FORCE * bodies()];
    squares = new double[clipped.length];
    mainBody = options.integer("main-body", 1, 0, bodies() - 1);
    hidden = options.truth("exclude-current-positions-from-observation", true) ? 2 : 0;
    showsForces = options.truth("include-cfrc-ext-in-observation", true);
    forwardWeight = options.number("forward-reward-weight", 1, -1e9, 1e9);
    controlWeight = options.number("ctrl-cost-weight", 0.5, -1e9, 1e9);
    contactWeight = options.number("contact-cost-weight", 5e-4, -1e9, 1e9);
    healthyReward = options.number("healthy-reward", 1, -1e9, 1e9);
    endsUnhealthy = options.truth("terminate-when-unhealthy", true);
    height = Range.of(options, "healthy-z-range", 0.2, 1);
    contact = Range.of(options, "contact-force-range", -1, 1);
    noise = options.number("reset-noise-scale", 0.1, 0, 1e9);
    int shown = showsForces ? clipped.length - NUMBERS_OF_A_FORCE : 0;
    observations = unbounded(positions() + velocities() - hidden + shown);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, noise, position);
    normal(random, noise, velocity);
  }

  @Override
  void observe(Transition to) {
    for (int i = 0; i < clipped.length; i++) {
      clipped[i] = contact.clip(forces.getAtIndex(JAVA_DOUBLE, i));
    }
    int at = 0;
    for (int i = hidden; i < positions(); i++) {
      to.observe(at++, position(i));
    }
    for (int i = 0; i < velocities(); i++) {
      to.observe(at++, velocity(i));
    }
    for (int i = NUMBERS_OF_A_FORCE; showsForces && i < clipped.length; i++) {
      to.observe(at++, clipped[i]);
    }
  }

  @Override
  double place() {
    return places.getAtIndex(JAVA_DOUBLE, 3L * mainBody);
  }

  @Override
  double judge(Action action, Transition next) {
    boolean healthy = isHealthy();
    if (!healthy && endsUnhealthy) {
      next.terminate();
    }
    for (int i = 0; i < clipped.length; i++) {
      squares[i] = clipped[i] * clipped[i];
    }
    double contactCost = contactWeight * NumpySum.of(squares, squares.length);
    float controlCost = (float) controlWeight * actionSquared(action);
    return speed() * forwardWeight + (healthy ? healthyReward : 0) - (controlCost + contactCost);
  }

  private boolean isHealthy() {
    boolean finite = true;
    for (int i = 0; i < positions(); i++) {
      finite &= Double.isFinite(position(i));
    }
    for (int i = 0; i < velocities(); i++) {
      finite &= Double.isFinite(velocity(i));
    }
    return finite && height.touches(position(2));
  }
}
