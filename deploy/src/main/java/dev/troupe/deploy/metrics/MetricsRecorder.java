package dev.troupe.deploy.metrics;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.ShadowReport;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.protocol.ledger.DropReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes a run's figures down: a line for every supervised step, update and evaluation. Names are
 * listed in docs/metrics.md. The axis is the number of optimizer updates of the whole run.
 */
public final class MetricsRecorder implements RunListener, AutoCloseable {
  /** Between two readings of what threads cost. */
  private static final long PROCESSOR_EVERY_MILLIS = 5_000;

  private final Clock clock;
  private final List<MetricsSink> sinks;
  private final Supplier<ProcessorTimes> processor;
  private final Measure measure;
  private final Rewards rewards = new Rewards();
  private long swaps;
  private final Map<String, Double> episodes = new TreeMap<>();
  private Optional<ShadowReport> shadow = Optional.empty();
  private LedgerTotals ledger = LedgerTotals.none();
  private long processorDueMillis = Long.MIN_VALUE;

  private MetricsRecorder(
      Clock clock, List<MetricsSink> sinks, Measure measure, Supplier<ProcessorTimes> processor) {
    this.measure = measure;
    this.clock = clock;
    this.sinks = sinks;
    this.processor = processor;
  }

  /** Writes into {@code folder}; {@code process} tells apart the event files of a run. */
  public static MetricsRecorder open(Path folder, Clock clock, long process, Measure measure)
      throws IOException {
    return open(folder, clock, process, measure, ProcessorTimes::unknown);
  }

  /**
   * Likewise, with what this process's threads cost.
   *
   * @param processor since the process began; asked every few seconds
   */
  public static MetricsRecorder open(
      Path folder, Clock clock, long process, Measure measure, Supplier<ProcessorTimes> processor)
      throws IOException {
    return new MetricsRecorder(
        clock,
        List.of(
            new JsonLinesFile(folder, clock.millis(), process),
            new TensorBoardFile(folder, clock.millis(), process)),
        measure,
        processor);
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.SupervisedStep step -> onSupervisedStep(step);
      case RunEvent.UpdateMade update -> onUpdate(update);
      case RunEvent.EvaluationEnded evaluation ->
          write(
              evaluation.version().update(),
              new TreeMap<>(
                  Map.of(
                      "evaluation/" + measure.word(),
                      evaluation.accuracy(),
                      "evaluation/failed",
                      (double) evaluation.failed())));
      case RunEvent.SampleJudged sample -> rewards.add(sample.sample());
      case RunEvent.ShadowJudged(var report) -> shadow = Optional.of(report);
      case RunEvent.VerifierSwapped swapped -> swaps = swapped.swaps();
      case RunEvent.LedgerCounted counted -> ledger = counted.totals();
      case RunEvent.EpisodesResumed(var found, var resumed) -> {
        episodes.put("sampling/episodesFound", (double) found);
        episodes.put("sampling/episodesResumed", (double) resumed);
      }
      case RunEvent.PhaseChanged _,
          RunEvent.TrajectoryDropped _,
          RunEvent.CheckpointCommitted _,
          RunEvent.ActorRestarted _,
          RunEvent.NodeLost _,
          RunEvent.VerifiersJudge _,
          RunEvent.Stalled _,
          RunEvent.StallEnded _ -> {}
    }
  }

  private void onSupervisedStep(RunEvent.SupervisedStep step) {
    SortedMap<String, Double> scalars = prefixed("sft/", step.metrics());
    scalars.put("sft/seconds", step.seconds());
    scalars.put("sft/tokens", (double) step.tokens());
    write(step.step(), scalars);
  }

  private void onUpdate(RunEvent.UpdateMade update) {
    SortedMap<String, Double> scalars = prefixed("learner/", update.metrics());
    scalars.put("learner/seconds", update.seconds());
    scalars.put("learner/" + measure.work(), (double) update.tokens());
    scalars.put("learner/skipped", update.skipped() ? 1.0 : 0.0);
    scalars.put(
        "sampling/" + measure.work() + "PerSecond", update.rates().samplingTokensPerSecond());
    scalars.put("sampling/idleShare", update.rates().samplingIdleShare());
    scalars.put(
        "learning/" + measure.work() + "PerSecond", update.rates().learningTokensPerSecond());
    scalars.put("learning/idleShare", update.rates().learningIdleShare());
    rewards.drainTo(scalars);
    if (swaps > 0) {
      scalars.put("reward/swaps", (double) swaps);
    }
    scalars.putAll(episodes);
    shadow
        .filter(report -> report.state() == ShadowReport.State.JUDGING)
        .map(ShadowReport::figures)
        .filter(figures -> figures.compared() > 0)
        .ifPresent(
            figures -> {
              scalars.put("reward/shadowAgreement", figures.agreement());
              scalars.put("reward/shadowUnscoredShare", figures.shadowFailureRate());
              scalars.put("reward/shadowMean", figures.shadowScoreMean());
              scalars.put("reward/shadowedMean", figures.scoreMean());
            });
    scalars.put("ledger/granted", (double) ledger.granted());
    scalars.put("ledger/leased", (double) ledger.leased());
    scalars.put("ledger/recorded", (double) ledger.recorded());
    scalars.put("ledger/batched", (double) ledger.batched());
    scalars.put("ledger/consumed", (double) ledger.consumed());
    scalars.put("ledger/dropped", (double) ledger.droppedTotal());
    scalars.put("ledger/duplicates", (double) ledger.duplicates());
    ledger
        .dropped()
        .forEach((reason, count) -> scalars.put("drops/" + camelCase(reason), (double) count));
    putProcessorTimes(scalars);
    write(update.version().update(), scalars);
  }

  private void putProcessorTimes(SortedMap<String, Double> scalars) {
    long now = clock.millis();
    if (now >= processorDueMillis) {
      processorDueMillis = now + PROCESSOR_EVERY_MILLIS;
      processor
          .get()
          .seconds()
          .forEach(
              (kind, seconds) ->
                  scalars.put("processor/" + ProcessorTimes.name(kind) + "Seconds", seconds));
    }
  }

  /** Names that have a section of their own already keep it. */
  private static SortedMap<String, Double> prefixed(String section, Map<String, Double> metrics) {
    SortedMap<String, Double> scalars = new TreeMap<>();
    metrics.forEach(
        (name, number) -> scalars.put(name.contains("/") ? name : section + name, number));
    return scalars;
  }

  private static String camelCase(DropReason reason) {
    String[] words = reason.name().toLowerCase(Locale.ROOT).split("_");
    StringBuilder name = new StringBuilder(words[0]);
    for (String word : List.of(words).subList(1, words.length)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  private void write(long step, SortedMap<String, Double> scalars) {
    long now = clock.millis();
    sinks.forEach(sink -> sink.write(now, step, scalars));
  }

  @Override
  public void close() {
    sinks.forEach(MetricsSink::close);
  }
}
