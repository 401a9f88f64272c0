package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.EnvironmentFailure;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.VectorEnvironment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Plays whole episodes for evaluations: one in each lane, lane i with seed + i, so that the same
 * seeds and policy give the same returns.
 */
public final class EpisodePlayer implements AutoCloseable {
  private final VectorEnvironment vector;
  private final LanePolicies policies;
  private final boolean greedy;
  private final float[] observations;
  private final float[] logProbs;
  private final boolean[] over;
  private final double[] returns;
  private final int[] lengths;
  private ActionNoise noise;
  private long seed;
  private int playing;
  private int step;

  /**
   * @param network that the snapshot is of
   * @param episodes how many, at the same time
   * @param seed of the first one
   * @param greedy the likeliest actions; else they are drawn, keyed by the seed
   * @param nanoTime a monotonic clock
   * @throws dev.troupe.rollout.environment.EnvironmentFailedException if an environment fails
   */
  public EpisodePlayer(
      ControlNetwork network,
      EnvironmentSource source,
      int episodes,
      long seed,
      boolean greedy,
      PolicySnapshot snapshot,
      LongSupplier nanoTime) {
    this.vector = new VectorEnvironment(source, episodes, AutoresetMode.NEXT_STEP, nanoTime);
    this.policies = new LanePolicies(network, vector.actionSpace(), vector.size());
    this.noise = noise(seed);
    this.greedy = greedy;
    this.seed = seed;
    this.observations = new float[episodes * vector.observationSpace().size()];
    this.logProbs = new float[episodes];
    this.over = new boolean[episodes];
    this.returns = new double[episodes];
    this.lengths = new int[episodes];
    this.playing = episodes;
    policies.use(snapshot);
    vector.reset(seed);
  }

  private ActionNoise noise(long seed) {
    return new ActionNoise(seed, "evaluation", vector.actions().size());
  }

  /**
   * Leaves the episodes and begins others, the first one with that seed.
   *
   * @throws dev.troupe.rollout.environment.EnvironmentFailedException if an environment fails
   */
  public void begin(long seed) {
    this.seed = seed;
    noise = noise(seed);
    playing = over.length;
    step = 0;
    Arrays.fill(over, false);
    for (int lane = 0; lane < over.length; lane++) {
      policies.current().episodeBegins(lane);
    }
    vector.reset(seed);
  }

  /** To be looked at between two calls: who steps it spoils the episodes. */
  public VectorEnvironment vector() {
    return vector;
  }

  /**
   * Takes at most {@code most} steps in every lane. What came of the episodes, once all are over: a
   * fragment without rows.
   *
   * @throws dev.troupe.rollout.environment.EnvironmentFailedException if an environment fails
   */
  public Optional<EnvironmentFragment> advance(int most) {
    for (int taken = 0; taken < most && playing > 0; taken++) {
      vector.observations().get(0, observations);
      noise.at(seed, step++);
      policies.current().act(observations, noise, greedy, vector.actions(), logProbs);
      FragmentSampler.Bounds.clip(vector.actionSpace(), vector.actions().values(), vector.size());
      vector.step();
      note();
    }
    return playing > 0 ? Optional.empty() : Optional.of(Fragments.ofEpisodes(returns, lengths));
  }

  private void note() {
    for (int lane = 0; lane < over.length; lane++) {
      if (!over[lane] && (vector.terminated()[lane] || vector.truncated()[lane])) {
        over[lane] = true;
        returns[lane] = vector.episodeReturns()[lane];
        lengths[lane] = vector.episodeLengths()[lane];
        playing--;
      }
    }
  }

  /** The failure of an environment that doesn't come back; any thread may ask. */
  public Optional<EnvironmentFailure> overdue(Duration limit) {
    return vector.overdue(limit);
  }

  /** Steps of all lanes so far. */
  public long stepsTaken() {
    return (long) step * over.length;
  }

  @Override
  public void close() {
    policies.close();
    vector.close();
  }
}
