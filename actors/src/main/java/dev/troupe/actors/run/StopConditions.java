package dev.troupe.actors.run;

import dev.troupe.actors.control.EpisodeMetrics;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.StopSpecification;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether what a recipe wants of a run is there already, by the run's files. */
public final class StopConditions {
  private StopConditions() {}

  /**
   * The condition that holds, for people.
   *
   * @param updates of reinforcement learning made
   * @param consumed trajectories trained on
   */
  public static Optional<String> met(
      RunDirectory directory, StopSpecification stop, long updates, long consumed) {
    Milestones past = Milestones.read(directory);
    return updates(stop, updates)
        .or(() -> past.enough(stop, past.secondsOfLast(), consumed))
        .or(
            () ->
                past.lastAccuracy().stream()
                    .boxed()
                    .findFirst()
                    .flatMap(accuracy -> past.enough(stop, accuracy)));
  }

  /** Whether {@code updates} are as many as asked for. */
  public static Optional<String> updates(StopSpecification stop, long updates) {
    return stop.updates() > 0 && updates >= stop.updates()
        ? Optional.of("it made the [" + stop.updates() + "] updates that the recipe asks for")
        : Optional.empty();
  }

  /**
   * Whether the episodes trained on returned as much as asked for.
   *
   * @param metrics of an update
   */
  public static Optional<String> meanReturn(StopSpecification stop, Map<String, Double> metrics) {
    Double reached = metrics.get(EpisodeMetrics.SETTLED_RETURN);
    return reached != null
            && stop.meanReturn().isPresent()
            && reached >= stop.meanReturn().getAsDouble()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the last 100 episodes returned [%.2f] on average, the recipe asks for [%s]",
                reached,
                stop.meanReturn().getAsDouble()))
        : Optional.empty();
  }

  /** What to set for {@code run} to go on after it ended with {@code updates} updates. */
  public static String longer(RunSpecification run, long updates) {
    boolean byUpdates = updates(run.stop(), updates).isPresent();
    return run.control()
        .filter(_ -> byUpdates)
        .map(
            control -> {
              long batch = (long) control.environment().fragmentSteps() * run.replay().groups();
              return "--set stop.updates=0 --set stop.steps=" + Math.max(1, 2 * updates) * batch;
            })
        .orElseGet(() -> longer(run.stop(), updates));
  }

  /** What to set for a run that goes on after it ended, of {@code updates} updates. */
  public static String longer(StopSpecification stop, long updates) {
    if (stop.meanReturn().isPresent() && updates(stop, updates).isEmpty()) {
      return "--set stop.mean-return=none";
    }
    if (updates(stop, updates).isPresent()) {
      return "--set stop.updates=" + Math.max(1, 2 * updates);
    }
    if (!stop.wallTime().isZero()) {
      return "--set stop.wall-time=" + 2 * stop.wallTime().toSeconds() + "s";
    }
    if (stop.trajectories() > 0) {
      return "--set stop.trajectories=" + 2 * stop.trajectories();
    }
    return "--set stop.accuracy=0 --set stop.evaluations-without-improvement=0";
  }

  /** Seconds that all processes of the run took so far, as far as they were written down. */
  public static double seconds(RunDirectory directory) {
    return Milestones.read(directory).seconds();
  }
}
