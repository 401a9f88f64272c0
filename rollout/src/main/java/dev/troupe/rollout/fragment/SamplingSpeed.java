package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.VectorEnvironment;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How fast fragments are sampled: environment, policy and records, on one thread. */
public final class SamplingSpeed {
  private static final int STEPS_BETWEEN_LOOKS = 8_192;

  private final LongSupplier nanoTime;

  public SamplingSpeed(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Steps a second, of all lanes together.
   *
   * @param network that fits the environment
   * @param snapshot of it
   * @param warmUp played before it is measured
   * @param measured at least this long
   */
  public double stepsPerSecond(
      EnvironmentSource source,
      int lanes,
      ControlNetwork network,
      PolicySnapshot snapshot,
      Duration warmUp,
      Duration measured) {
    var vector = new VectorEnvironment(source, lanes, AutoresetMode.SAME_STEP, () -> 0);
    int steps = Math.max(16, STEPS_BETWEEN_LOOKS / lanes);
    try (var sampler = new FragmentSampler(network, vector, steps, 0.99, 1, 0)) {
      sampler.use(snapshot);
      play(sampler, steps, warmUp, 0);
      return play(sampler, steps, measured, 1L << 32);
    }
  }

  private double play(FragmentSampler sampler, int steps, Duration least, long first) {
    long begun = nanoTime.getAsLong();
    long before = sampler.stepsTaken();
    long elapsed;
    long fragment = first;
    do {
      sampler.begin(fragment++);
      sampler.advance(steps);
      elapsed = nanoTime.getAsLong() - begun;
    } while (elapsed < least.toNanos());
    return (sampler.stepsTaken() - before) * 1e9 / Math.max(1, elapsed);
  }
}
