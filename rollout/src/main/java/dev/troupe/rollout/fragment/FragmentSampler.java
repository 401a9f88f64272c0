package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.EnvironmentFailedException;
import dev.troupe.rollout.environment.EnvironmentFailure;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.VectorEnvironment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Plays fragments of T steps in a vector of environments and records them.
 *
 * <pre>
 *   use(policy) ─▶ begin(fragment) ─▶ advance … advance ─▶ fragment
 * </pre>
 *
 * <p>Environments go on from fragment to fragment: an episode that one leaves unfinished, the next
 * one goes on with. Actions are drawn with numbers keyed by (run, fragment, step, lane), so a
 * fragment follows from its number, the policy and where the environments stood. A step allocates
 * nothing with the built-in policy.
 *
 * <p>Where it stands between two fragments can be {@link #keep kept}, and another sampler {@link
 * #goOn goes on} from there.
 *
 * <p>After a failure of an environment the fragment under way is lost, a fresh instance takes the
 * place of the one that failed, and every lane begins an episode.
 *
 * <p>One thread makes, owns and closes it; {@link #overdue} may be asked by another.
 */
public final class FragmentSampler implements AutoCloseable {
  private final VectorEnvironment vector;
  private final int steps;
  private final double discount;
  private final ActionNoise noise;
  private final FragmentRecord record;
  private final LanePolicies policies;
  private final float[] observations;
  private final float[] logProbs;
  private final double[] returns;
  private long fragment = -1;
  private int step;
  private long stepsTaken;

  /**
   * @param network that snapshots are of
   * @param vector environments that no one else steps; they begin their first episodes here
   * @param steps T of a fragment
   * @param discount γ of the discounted returns that a fragment brings along
   * @param seed of the run, for actions
   * @param firstSeed of the first lane's first episode
   * @throws EnvironmentFailedException if an environment fails at its first reset
   */
  public FragmentSampler(
      ControlNetwork network,
      VectorEnvironment vector,
      int steps,
      double discount,
      long seed,
      long firstSeed) {
    if (vector.autoreset() == AutoresetMode.DISABLED) {
      throw new IllegalArgumentException(
          "fragments need environments that reset by themselves, got autoreset [DISABLED]");
    }
    this.vector = vector;
    this.steps = steps;
    this.discount = discount;
    this.noise = new ActionNoise(seed, "actions", vector.actions().size());
    this.record = new FragmentRecord(vector, steps);
    this.policies = new LanePolicies(network, vector.actionSpace(), vector.size());
    this.observations = new float[vector.size() * vector.observationSpace().size()];
    this.logProbs = new float[vector.size()];
    this.returns = new double[vector.size()];
    vector.reset(firstSeed);
  }

  /** Samples from {@code snapshot} from the next fragment on; counts its own use of it. */
  public void use(PolicySnapshot snapshot) {
    policies.use(snapshot);
  }

  /** Begins fragment {@code number}. */
  public void begin(long number) {
    fragment = number;
    step = 0;
    record.begin(returns, policies.current().state());
  }

  /**
   * Takes at most {@code most} steps in every lane; the fragment, if these were its last.
   *
   * @throws EnvironmentFailedException if an environment fails: the fragment is lost
   */
  public Optional<EnvironmentFragment> advance(int most) {
    if (fragment < 0) {
      throw new IllegalStateException("no fragment was begun");
    }
    try {
      int until = Math.min(steps, step + most);
      for (; step < until; step++) {
        step();
      }
    } catch (EnvironmentFailedException e) {
      recover(e.failure());
      throw e;
    }
    if (step < steps) {
      return Optional.empty();
    }
    vector.observations().get(0, observations);
    fragment = -1;
    return Optional.of(record.finish(observations));
  }

  /**
   * Where it stands now that a fragment is over.
   *
   * @param line see {@link EnvironmentState}
   * @throws RuntimeException if the environment's state can't be kept: it is no value that its
   *     codec knows, or the environment has none to give
   */
  public EnvironmentState keep(long line) {
    checkBetween();
    float[] memory = policies.memory();
    return new EnvironmentState(
        line,
        vector.snapshot(),
        TensorData.of(returns, returns.length),
        TensorData.of(memory, returns.length, memory.length / returns.length));
  }

  /** Whether what is {@link #keep kept} is all there is to the environments. */
  public boolean resumes() {
    return vector.resumes();
  }

  /**
   * As if nothing had been played yet.
   *
   * @param first seed of the first lane's first episode
   * @throws EnvironmentFailedException if an environment fails: another takes its place, and this
   *     must be done again
   */
  public void beginAnew(long first) {
    checkBetween();
    try {
      vector.reset(first);
    } catch (EnvironmentFailedException e) {
      vector.replace(e.failure().lane());
      throw e;
    }
    Arrays.fill(returns, 0);
    Arrays.fill(policies.memory(), 0);
  }

  /**
   * Goes on where another stood.
   *
   * @throws RuntimeException if it was kept of other environments, or they can't go back: then this
   *     must {@link #beginAnew}
   */
  public void goOn(EnvironmentState from) {
    checkBetween();
    double[] sums = from.returns().toDoubles();
    float[] memory = from.memory().toFloats();
    float[] own = policies.memory();
    if (sums.length != returns.length || memory.length != own.length) {
      throw new IllegalArgumentException(
          "state of ["
              + sums.length
              + "] lanes and a policy that remembers ["
              + memory.length
              + "] numbers, expected ["
              + returns.length
              + "] and ["
              + own.length
              + "]");
    }
    vector.restore(from.environments());
    System.arraycopy(sums, 0, returns, 0, sums.length);
    System.arraycopy(memory, 0, own, 0, own.length);
  }

  private void checkBetween() {
    if (fragment >= 0) {
      throw new IllegalStateException("fragment [" + fragment + "] is under way");
    }
  }

  private void step() {
    LanePolicy policy = policies.current();
    vector.observations().get(0, observations);
    noise.at(fragment, step);
    policy.act(observations, noise, false, vector.actions(), logProbs);
    checkFinite();
    record.act(step, observations, vector.actions(), logProbs);
    clip();
    vector.step();
    record.follow(step, vector);
    stepsTaken += vector.size();
    for (int lane = 0; lane < returns.length; lane++) {
      boolean over = vector.terminated()[lane] || vector.truncated()[lane];
      returns[lane] = over ? 0 : returns[lane] * discount + vector.rewards()[lane];
      boolean resets = over && vector.autoreset() == AutoresetMode.SAME_STEP;
      if (resets || vector.inserted()[lane]) {
        policy.episodeBegins(lane);
      }
    }
  }

  private void checkFinite() {
    for (float logProb : logProbs) {
      if (!Float.isFinite(logProb)) {
        throw new IllegalStateException(
            "the policy gives log-probabilities that aren't finite: nothing can be sampled from"
                + " it");
      }
    }
  }

  /** What goes to the environment lies within its bounds; the fragment has what was drawn. */
  private void clip() {
    Bounds.clip(vector.actionSpace(), vector.actions().values(), vector.size());
  }

  private void recover(EnvironmentFailure failure) {
    fragment = -1;
    Arrays.fill(returns, 0);
    vector.replace(failure.lane());
    boolean[] others = new boolean[vector.size()];
    Arrays.fill(others, true);
    others[failure.lane()] = false;
    vector.reset(others);
    for (int lane = 0; lane < others.length; lane++) {
      policies.current().episodeBegins(lane);
    }
  }

  /** The failure of an environment that has kept the present step waiting for longer than this. */
  public Optional<EnvironmentFailure> overdue(Duration limit) {
    return vector.overdue(limit);
  }

  /** Steps of all lanes so far. */
  public long stepsTaken() {
    return stepsTaken;
  }

  /** N. */
  public int lanes() {
    return vector.size();
  }

  /** Lets go of the policy and of the environments. */
  @Override
  public void close() {
    policies.close();
    vector.close();
  }

  /** The bounds of actions that are numbers. */
  static final class Bounds {
    private Bounds() {}

    static void clip(Space space, float[] values, int lanes) {
      if (space instanceof Space.Box box) {
        int size = box.size();
        for (int i = 0; i < lanes * size; i++) {
          int component = i % size;
          float low = box.low().at(component);
          float high = box.high().at(component);
          values[i] = Math.min(Math.max(values[i], low), high);
        }
      }
    }
  }
}
