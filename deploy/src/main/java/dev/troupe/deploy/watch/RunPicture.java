package dev.troupe.deploy.watch;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.Stage;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Folds the events of a run; any thread may ask for a {@link #view}. */
public final class RunPicture implements RunListener {
  private static final int SAMPLES_MAX = 24;

  private final String name;
  private final long updatesMax;
  private final Measure measure;
  private final LongSupplier nanos;
  private final long begunNanos;
  private final Pace supervisedPace;
  private final Pace updatePace;
  private final History history = new History();
  private final Deque<RunEvent.SampleJudged> samples = new ArrayDeque<>();
  private final Map<String, Tally> difficulties = new TreeMap<>();

  private Duration elapsedBefore = Duration.ZERO;
  private Phase phase = Phase.STARTING;
  private Stage stage = Stage.NONE;
  private String detail = "";
  private long supervisedStep;
  private long supervisedSteps;
  private double supervisedTokensPerSecond;
  private long update;
  private long step;
  private OptionalDouble loss = OptionalDouble.empty();
  private OptionalDouble reward = OptionalDouble.empty();
  private OptionalDouble accuracyBefore = OptionalDouble.empty();
  private OptionalDouble accuracy = OptionalDouble.empty();
  private OptionalDouble best = OptionalDouble.empty();
  private OptionalDouble lagMean = OptionalDouble.empty();
  private OptionalDouble lagMax = OptionalDouble.empty();
  private OptionalDouble samplingError = OptionalDouble.empty();
  private RunEvent.Rates rates = RunEvent.Rates.none();
  private LedgerTotals ledger = LedgerTotals.none();
  private Optional<RunView.Stall> stall = Optional.empty();
  private long restarts;
  private final JudgesPicture judges = new JudgesPicture();
  private final Tally sinceUpdate = new Tally();

  /**
   * Of a run that begins now.
   *
   * @param supervisedSteps of the recipe
   * @param updatesMax of the recipe; 0 = no limit
   */
  public RunPicture(String name, long supervisedSteps, long updatesMax, LongSupplier nanos) {
    this(name, supervisedSteps, updatesMax, Measure.ACCURACY, nanos);
  }

  /** Of a run that begins now. */
  public static RunPicture of(RunSpecification run, LongSupplier nanos) {
    return new RunPicture(
        run.name(), run.sft().steps(), run.stop().updates(), Measure.of(run), nanos);
  }

  private RunPicture(
      String name, long supervisedSteps, long updatesMax, Measure measure, LongSupplier nanos) {
    this.measure = measure;
    this.name = name;
    this.supervisedSteps = supervisedSteps;
    this.updatesMax = updatesMax;
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
    this.supervisedPace = new Pace(nanos);
    this.updatePace = new Pace(nanos);
  }

  /**
   * Takes over what earlier processes of the run saw.
   *
   * @param seconds that they took
   */
  public synchronized void restore(List<RunView.Point> past, double seconds) {
    elapsedBefore = Duration.ofMillis((long) (seconds * 1000));
    for (RunView.Point point : past) {
      step = Math.max(step, point.step());
      update = Math.max(update, point.step() - supervisedSteps);
      supervisedStep = Math.min(step, supervisedSteps);
      if (!Double.isNaN(point.samplingError())) {
        samplingError = OptionalDouble.of(point.samplingError());
      }
      if (Double.isNaN(point.accuracy())) {
        history.add(point);
      } else {
        accuracy = OptionalDouble.of(point.accuracy());
        best = OptionalDouble.of(Math.max(point.accuracy(), best.orElse(point.accuracy())));
        if (accuracyBefore.isEmpty()) {
          accuracyBefore = accuracy;
        }
        history.addAccuracy(point.step(), point.accuracy());
      }
    }
  }

  @Override
  public synchronized void on(RunEvent event) {
    switch (event) {
      case RunEvent.PhaseChanged changed -> {
        phase = changed.phase();
        stage = changed.stage();
        detail = changed.detail();
      }
      case RunEvent.SupervisedStep made -> onSupervisedStep(made);
      case RunEvent.UpdateMade made -> onUpdate(made);
      case RunEvent.EvaluationEnded ended -> onEvaluation(ended);
      case RunEvent.SampleJudged judged -> onSample(judged);
      case RunEvent.TrajectoryDropped dropped -> tally(dropped.difficulty()).dropped++;
      case RunEvent.LedgerCounted counted -> ledger = counted.totals();
      case RunEvent.ActorRestarted _ -> restarts++;
      case RunEvent.Stalled(var actor, var waitsFor, var since) ->
          stall = Optional.of(new RunView.Stall(actor, waitsFor, since));
      case RunEvent.StallEnded _ -> stall = Optional.empty();
      case RunEvent.VerifiersJudge(var verifiers) -> judges.judge(verifiers);
      case RunEvent.ShadowJudged(var report) -> judges.shadow(report);
      case RunEvent.VerifierSwapped swapped -> judges.swapped(swapped);
      case RunEvent.CheckpointCommitted _, RunEvent.EpisodesResumed _, RunEvent.NodeLost _ -> {}
    }
  }

  private void onSupervisedStep(RunEvent.SupervisedStep made) {
    supervisedStep = made.step();
    supervisedSteps = made.steps();
    step = made.step();
    supervisedPace.reached(made.step());
    supervisedTokensPerSecond = made.seconds() > 0 ? made.tokens() / made.seconds() : 0;
    loss = Figure.LOSS.in(made.metrics());
  }

  private void onUpdate(RunEvent.UpdateMade made) {
    update = made.number();
    step = made.version().update();
    updatePace.reached(update);
    rates = made.rates();
    loss = Figure.LOSS.in(made.metrics());
    lagMean = Figure.LAG_MEAN.in(made.metrics());
    lagMax = Figure.LAG_MAX.in(made.metrics());
    OptionalDouble error = Figure.SAMPLING_ERROR.in(made.metrics());
    samplingError = error.isPresent() ? error : samplingError;
    OptionalDouble ofBatch =
        switch (measure) {
          case ACCURACY -> Figure.REWARD.in(made.metrics());
          case RETURN -> Figure.EPISODE_RETURN.in(made.metrics());
        };
    boolean isKnown = ofBatch.isPresent() || measure == Measure.RETURN;
    reward = isKnown ? ofBatch : sinceUpdate.rewardMean();
    sinceUpdate.clear();
    history.add(
        new RunView.Point(
            step,
            reward.orElse(Double.NaN),
            Double.NaN,
            lagMean.orElse(Double.NaN),
            rates.samplingTokensPerSecond(),
            rates.learningTokensPerSecond(),
            rates.samplingIdleShare(),
            rates.learningIdleShare(),
            error.orElse(Double.NaN)));
  }

  private void onEvaluation(RunEvent.EvaluationEnded ended) {
    accuracy = OptionalDouble.of(ended.accuracy());
    switch (ended.occasion()) {
      case BEFORE -> accuracyBefore = accuracy;
      case DURING, AFTER -> {}
    }
    best = OptionalDouble.of(Math.max(ended.accuracy(), best.orElse(ended.accuracy())));
    history.addAccuracy(ended.version().update(), ended.accuracy());
  }

  private void onSample(RunEvent.SampleJudged judged) {
    OptionalDouble score = Samples.score(judged.sample().outcome());
    tally(judged.task().difficulty()).add(score);
    sinceUpdate.add(score);
    judges.judged(judged.sample().verifier(), score, judged.sample().verifying());
    // One of a group will do: its members come together and would fill the list.
    if (!samples.isEmpty() && isSameTask(samples.getFirst().task(), judged.task())) {
      samples.removeFirst();
    }
    samples.addFirst(judged);
    if (samples.size() > SAMPLES_MAX) {
      samples.removeLast();
    }
  }

  private static boolean isSameTask(Task one, Task other) {
    return one.content().equals(other.content());
  }

  private Tally tally(String difficulty) {
    return difficulties.computeIfAbsent(difficulty, _ -> new Tally());
  }

  /** As it stands. */
  public synchronized RunView view() {
    Map<String, RunView.Difficulty> spread = new TreeMap<>();
    difficulties.forEach((label, tally) -> spread.put(label, tally.view()));
    return new RunView(
        name,
        phase,
        stage,
        detail,
        supervisedStep,
        supervisedSteps,
        update,
        updatesMax,
        step,
        loss,
        reward,
        accuracyBefore,
        accuracy,
        best,
        lagMean,
        lagMax,
        samplingError,
        rates,
        supervisedTokensPerSecond,
        ledger,
        spread,
        samples.stream().map(judged -> Samples.of(judged.task(), judged.sample())).toList(),
        stall,
        restarts,
        history.points(),
        elapsedBefore.plusNanos(nanos.getAsLong() - begunNanos),
        left(),
        measure,
        judges.view());
  }

  private Optional<Duration> left() {
    return switch (stage) {
      case SUPERVISED -> supervisedPace.left(supervisedSteps);
      case REINFORCED -> updatesMax == 0 ? Optional.empty() : updatePace.left(updatesMax);
      case NONE, CLOSING -> Optional.empty();
    };
  }
}
