package dev.troupe.deploy.episode;

import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.actors.control.ControlTasks;
import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.deploy.policy.StoredPolicy;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.fragment.EpisodePlayer;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/**
 * A trained policy; where no seed is given, greedy episodes are those of {@code eval}, in order.
 */
public final class PolicyPlayer implements Player {
  private final EpisodePlayer player;
  private final IntToLongFunction seeds;

  /**
   * @param stored a policy that plays
   * @param greedy the likeliest actions; else they are drawn
   * @param seed of the first episode
   * @param nanoTime a monotonic clock
   */
  public PolicyPlayer(StoredPolicy stored, boolean greedy, OptionalLong seed, LongSupplier nanoTime)
      throws IOException {
    RunSpecification run = stored.recipe().specification();
    ControlRun control = run.control().orElseThrow();
    this.seeds =
        seed.isPresent()
            ? episode -> seed.getAsLong() + episode
            : episode -> evaluated(run, control, episode);
    ControlNetwork network = ControlNetworks.of(control);
    try (PolicySnapshot snapshot = stored.snapshot(network)) {
      this.player =
          new EpisodePlayer(
              network,
              EnvironmentSamplers.source(control.environment()),
              1,
              seeds.applyAsLong(0),
              greedy,
              snapshot,
              nanoTime);
    }
  }

  /** Seed of that episode of an evaluation. */
  private static long evaluated(RunSpecification run, ControlRun control, int episode) {
    int before = 0;
    for (Task task : ControlTasks.evaluation(control.environment(), run.seed(), episode + 1)) {
      if (task.content() instanceof TaskContent.Environment content) {
        if (episode < before + content.lanes()) {
          return content.seed() + episode - before;
        }
        before += content.lanes();
      }
    }
    throw new IllegalStateException("an evaluation has as many episodes as were asked for");
  }

  @Override
  public void begin(int episode) {
    player.begin(seeds.applyAsLong(episode));
  }

  @Override
  public void step() {
    player.advance(1);
  }

  @Override
  public VectorEnvironment stage() {
    return player.vector();
  }

  @Override
  public void close() {
    player.close();
  }
}
