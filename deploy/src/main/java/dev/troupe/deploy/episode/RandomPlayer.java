package dev.troupe.deploy.episode;

import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.random.Pcg64;
import java.util.function.LongSupplier;

/** Draws actions evenly, by the episode's seed. */
public final class RandomPlayer implements Player {
  private final VectorEnvironment stage;
  private final long seed;
  private Pcg64 random = new Pcg64(0);

  /**
   * @param seed of the first episode; the others have those after it
   * @param nanoTime a monotonic clock
   */
  public RandomPlayer(EnvironmentSource source, long seed, LongSupplier nanoTime) {
    this.stage = new VectorEnvironment(source, 1, AutoresetMode.DISABLED, nanoTime);
    this.seed = seed;
  }

  @Override
  public void begin(int episode) {
    random = new Pcg64(seed + episode);
    stage.reset(seed + episode);
  }

  @Override
  public void step() {
    stage.actions().sample(0, random);
    stage.step();
  }

  @Override
  public VectorEnvironment stage() {
    return stage;
  }

  @Override
  public void close() {
    stage.close();
  }
}
