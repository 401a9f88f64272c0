package dev.troupe.rollout.environment;

import dev.troupe.rollout.random.Pcg64;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How fast a vector of environments steps with a random policy, on one thread. */
public final class EnvironmentBenchmark {
  private static final int STEPS_BETWEEN_LOOKS = 8_192;

  private final LongSupplier nanoTime;

  public EnvironmentBenchmark(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Steps a second, of all environments together, the drawing of their actions included.
   *
   * @param lanes environments
   * @param warmUp played before it is measured
   * @param measured at least this long
   */
  public double stepsPerSecond(
      EnvironmentSource source, int lanes, Duration warmUp, Duration measured) {
    try (var vector = new VectorEnvironment(source, lanes, AutoresetMode.SAME_STEP, () -> 0)) {
      var policy = new Pcg64(1);
      vector.reset(0);
      play(vector, policy, warmUp);
      return play(vector, policy, measured);
    }
  }

  private double play(VectorEnvironment vector, Pcg64 policy, Duration least) {
    int rounds = Math.max(1, STEPS_BETWEEN_LOOKS / vector.size());
    long begun = nanoTime.getAsLong();
    long steps = 0;
    long elapsed;
    do {
      for (int round = 0; round < rounds; round++) {
        for (int lane = 0; lane < vector.size(); lane++) {
          vector.actions().sample(lane, policy);
        }
        vector.step();
      }
      steps += (long) rounds * vector.size();
      elapsed = nanoTime.getAsLong() - begun;
    } while (elapsed < least.toNanos());
    return steps * 1e9 / Math.max(1, elapsed);
  }
}
