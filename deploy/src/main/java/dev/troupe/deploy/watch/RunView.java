package dev.troupe.deploy.watch;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run at one moment, for people.
 *
 * @param detail why the phase is what it is; may be empty
 * @param step optimizer updates of the whole run, supervised ones included
 * @param loss of the latest step or update
 * @param reward mean over the samples judged for the latest update; in environments the mean return
 *     of the last 100 episodes trained on
 * @param accuracy of the latest evaluation; in environments its mean return
 * @param lagMean policy lag of the latest batch, in updates
 * @param samplingError newest: how far a buffer's data are from what the policy would draw
 * @param difficulties how samples and drops are spread
 * @param samples latest first
 * @param history one point an update, thinned out evenly when there are many
 * @param elapsed that the run took so far, in all its processes
 * @param left until the limit of updates, at the present pace
 * @param measure what the run is measured by
 * @param judges its verifiers
 */
public record RunView(
    String name,
    Phase phase,
    Stage stage,
    String detail,
    long supervisedStep,
    long supervisedSteps,
    long update,
    long updatesMax,
    long step,
    OptionalDouble loss,
    OptionalDouble reward,
    OptionalDouble accuracyBefore,
    OptionalDouble accuracy,
    OptionalDouble best,
    OptionalDouble lagMean,
    OptionalDouble lagMax,
    OptionalDouble samplingError,
    RunEvent.Rates rates,
    double supervisedTokensPerSecond,
    LedgerTotals ledger,
    Map<String, Difficulty> difficulties,
    List<Sample> samples,
    Optional<Stall> stall,
    long restarts,
    List<Point> history,
    Duration elapsed,
    Optional<Duration> left,
    Measure measure,
    Judges judges) {
  public RunView {
    difficulties = Map.copyOf(difficulties);
    samples = List.copyOf(samples);
    history = List.copyOf(history);
  }

  /**
   * A judged sample.
   *
   * @param outcome for people, like {@code 1} or {@code timed out}
   * @param right whether it scored 1 or more
   * @param policy update that sampled it
   */
  public record Sample(
      String prompt, String answer, String expected, String outcome, boolean right, long policy) {}

  /** Who waits for whom. */
  public record Stall(String actor, String waitsFor, Duration since) {}

  /** Samples of one difficulty: how many were judged, their mean reward, and drops. */
  public record Difficulty(long judged, double rewardMean, long dropped) {}

  /** The figures of one update; NaN where there is none. */
  public record Point(
      long step,
      double reward,
      double accuracy,
      double lagMean,
      double samplingTokensPerSecond,
      double learningTokensPerSecond,
      double samplingIdleShare,
      double learningIdleShare,
      double samplingError) {}
}
