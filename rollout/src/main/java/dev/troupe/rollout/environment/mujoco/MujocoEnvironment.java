package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InModel;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.random.Pcg64;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What all MuJoCo tasks share, by the rules of Gymnasium's v5: a model, an action that goes to the
 * motors for several steps of the physics, a reset around the model's beginning.
 *
 * <p>Options of all: {@code xml-file} (a model of one's own), {@code frame-skip}. Sums are taken in
 * NumPy's order and single precision where Gymnasium has it, so that rewards are equal.
 */
abstract class MujocoEnvironment implements Environment, Drawable {
  private final Simulation simulation;
  private final int positions;
  private final int velocities;
  private final int motors;
  private final int bodies;
  private final int frameSkip;
  private final double seconds;
  private final MemorySegment position;
  private final MemorySegment velocity;
  private final MemorySegment control;
  private final double[] initialPosition;
  private final double[] initialVelocity;
  private final double[] beginPosition;
  private final double[] beginVelocity;
  private final float[] squares;
  private final Space actions;
  private final Camera camera;
  private double placeBefore;
  private @Nullable Bodies shown;

  MujocoEnvironment(MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    MujocoLibrary library = installation.open(task.id());
    String own = options.text("xml-file", "");
    Path xml =
        own.isBlank() ? installation.model(task.id(), task.model(), task.sha256()) : Path.of(own);
    simulation = new Simulation(library, xml);
    camera = task.camera();
    frameSkip = options.integer("frame-skip", task.frameSkip(), 1, 10_000);
    seconds = simulation.timestep() * frameSkip;
    positions = simulation.count(InModel.NQ);
    velocities = simulation.count(InModel.NV);
    motors = simulation.count(InModel.NU);
    bodies = simulation.count(InModel.NBODY);
    position = simulation.array(InData.QPOS, positions);
    velocity = simulation.array(InData.QVEL, velocities);
    control = simulation.array(InData.CTRL, motors);
    initialPosition = position.toArray(JAVA_DOUBLE);
    initialVelocity = velocity.toArray(JAVA_DOUBLE);
    beginPosition = new double[positions];
    beginVelocity = new double[velocities];
    squares = new float[motors];
    actions = range(simulation.constants(InModel.ACTUATOR_CTRLRANGE, 2 * motors));
  }

  private static Space range(double[] bounds) {
    float[] low = new float[bounds.length / 2];
    float[] high = low.clone();
    for (int i = 0; i < low.length; i++) {
      low[i] = (float) bounds[2 * i];
      high[i] = (float) bounds[2 * i + 1];
    }
    return Space.box(low, high);
  }

  /** Draws where an episode begins, into the two arrays that hold the model's own beginning. */
  abstract void begin(Pcg64 random, double[] position, double[] velocity);

  /** Writes the observation. */
  abstract void observe(Transition to);

  /** The place whose change is progress; computed from the world as it is. */
  double place() {
    return 0;
  }

  /** The reward of the step that was taken; says whether the episode is over. */
  abstract double judge(Action action, Transition next);

  @Override
  public final Space actionSpace() {
    return actions;
  }

  @Override
  public final void reset(Pcg64 random, Transition first) {
    System.arraycopy(initialPosition, 0, beginPosition, 0, positions);
    System.arraycopy(initialVelocity, 0, beginVelocity, 0, velocities);
    begin(random, beginPosition, beginVelocity);
    begin(beginPosition, beginVelocity);
    observe(first);
  }

  /** Begins an episode in that place. */
  final void begin(double[] position, double[] velocity) {
    simulation.reset();
    MemorySegment.copy(position, 0, this.position, JAVA_DOUBLE, 0, positions);
    MemorySegment.copy(velocity, 0, this.velocity, JAVA_DOUBLE, 0, velocities);
    simulation.forward();
    placeBefore = place();
  }

  @Override
  public final double step(Action action, Pcg64 random, Transition next) {
    for (int i = 0; i < motors; i++) {
      control.setAtIndex(JAVA_DOUBLE, i, action.value(i));
    }
    simulation.step(frameSkip);
    observe(next);
    double reward = judge(action, next);
    placeBefore = place();
    return reward;
  }

  @Override
  public final Object state() {
    double[] world = simulation.state();
    double[] all = new double[1 + world.length];
    all[0] = placeBefore;
    System.arraycopy(world, 0, all, 1, world.length);
    return all;
  }

  @Override
  public final void restore(Object state) {
    double[] all = (double[]) state;
    simulation.restore(Arrays.copyOfRange(all, 1, all.length));
    placeBefore = all[0];
  }

  @Override
  public final void close() {
    simulation.close();
  }

  /** Bodies as MuJoCo's last step of the physics found them. */
  @Override
  public final Picture picture() {
    if (shown == null) {
      shown = new Bodies(simulation, camera);
    }
    return shown.picture();
  }

  /** As fast as the physics says. */
  @Override
  public final double stepsPerSecond() {
    return 1 / seconds;
  }

  final Simulation simulation() {
    return simulation;
  }

  final int positions() {
    return positions;
  }

  final int velocities() {
    return velocities;
  }

  final int bodies() {
    return bodies;
  }

  /** How fast {@link #place} moved in the last step. */
  final double speed() {
    return (place() - placeBefore) / seconds;
  }

  final double position(int i) {
    return position.getAtIndex(JAVA_DOUBLE, i);
  }

  final double velocity(int i) {
    return velocity.getAtIndex(JAVA_DOUBLE, i);
  }

  final double control(int i) {
    return control.getAtIndex(JAVA_DOUBLE, i);
  }

  final int motors() {
    return motors;
  }

  /** Σ aᵢ² in single precision, as NumPy adds up float32. */
  final float actionSquared(Action action) {
    for (int i = 0; i < motors; i++) {
      squares[i] = action.value(i) * action.value(i);
    }
    return NumpySum.of(squares, motors);
  }

  /** Noise of one kind, uniform in [-scale, scale), on all numbers. */
  static void uniform(Pcg64 random, double scale, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += random.uniform(-scale, scale);
    }
  }

  /** Normal noise on all numbers. */
  static void normal(Pcg64 random, double scale, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += scale * random.normal();
    }
  }

  /** A box without bounds. */
  static Space unbounded(int size) {
    return Space.box(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, size);
  }
}
