package dev.troupe.deploy.policy;

import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.actors.control.ControlTasks;
import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.fragment.EpisodePlayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Whole episodes that a trained policy played. */
public record Episodes(List<Episode> all) {
  public Episodes {
    all = List.copyOf(all);
  }

  /** One of them. */
  public record Episode(double sum, int steps) {}

  /**
   * Plays; the same number of episodes begins the same way each time.
   *
   * @param stored a policy that plays
   * @param greedy the likeliest actions; else they are drawn, by numbers that are the same too
   */
  public static Episodes play(StoredPolicy stored, int episodes, boolean greedy, LongSupplier nanos)
      throws IOException {
    RunSpecification run = stored.recipe().specification();
    ControlRun control = run.control().orElseThrow();
    ControlNetwork network = ControlNetworks.of(control);
    EnvironmentSource source = EnvironmentSamplers.source(control.environment());
    List<Episode> played = new ArrayList<>();
    try (PolicySnapshot snapshot = stored.snapshot(network)) {
      for (Task task : ControlTasks.evaluation(control.environment(), run.seed(), episodes)) {
        if (task.content() instanceof TaskContent.Environment content) {
          try (EpisodePlayer player =
              new EpisodePlayer(
                  network, source, content.lanes(), content.seed(), greedy, snapshot, nanos)) {
            add(player.advance(Integer.MAX_VALUE).orElseThrow(), played);
          }
        }
      }
    }
    return new Episodes(played);
  }

  private static void add(EnvironmentFragment fragment, List<Episode> to) {
    double[] returns = fragment.episodeReturns().toDoubles();
    long[] lengths = fragment.episodeLengths().toLongs();
    for (int i = 0; i < returns.length; i++) {
      to.add(new Episode(returns[i], (int) lengths[i]));
    }
  }

  public double meanReturn() {
    return all.stream().mapToDouble(Episode::sum).average().orElse(0);
  }

  /** Of the returns, as of a sample. */
  public double standardDeviation() {
    double mean = meanReturn();
    double squares = all.stream().mapToDouble(one -> (one.sum() - mean) * (one.sum() - mean)).sum();
    return all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
  }

  public double leastReturn() {
    return all.stream().mapToDouble(Episode::sum).min().orElse(0);
  }

  public double mostReturn() {
    return all.stream().mapToDouble(Episode::sum).max().orElse(0);
  }

  public double meanSteps() {
    return all.stream().mapToInt(Episode::steps).average().orElse(0);
  }

  /** How many returns lie in each of {@code bins} equal parts between the least and the most. */
  public int[] histogram(int bins) {
    int[] counts = new int[bins];
    double least = leastReturn();
    double width = (mostReturn() - least) / bins;
    for (Episode one : all) {
      int bin = width == 0 ? 0 : (int) ((one.sum() - least) / width);
      counts[Math.min(bins - 1, bin)]++;
    }
    return counts;
  }
}
