package dev.troupe.deploy.metrics;

import dev.troupe.actors.run.RunEvent;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How long verdicts took, and how long ago the last checkpoint was made, for Prometheus. */
public final class RunTimes {
  private static final double[] SECONDS = {0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300};
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private final long[] verdicts = new long[SECONDS.length + 1];
  private double verdictSeconds;
  private long checkpointNanos;

  /** Of a run that begins or goes on now. */
  public RunTimes(LongSupplier nanos) {
    this.nanos = nanos;
    this.checkpointNanos = nanos.getAsLong();
  }

  /** What the run tells. */
  public synchronized void on(RunEvent event) {
    switch (event) {
      case RunEvent.SampleJudged(_, var judged) -> onVerdict(judged.verifying());
      case RunEvent.CheckpointCommitted _ -> checkpointNanos = nanos.getAsLong();
      case RunEvent.PhaseChanged _,
          RunEvent.SupervisedStep _,
          RunEvent.UpdateMade _,
          RunEvent.EvaluationEnded _,
          RunEvent.TrajectoryDropped _,
          RunEvent.LedgerCounted _,
          RunEvent.EpisodesResumed _,
          RunEvent.ActorRestarted _,
          RunEvent.NodeLost _,
          RunEvent.VerifiersJudge _,
          RunEvent.VerifierSwapped _,
          RunEvent.ShadowJudged _,
          RunEvent.Stalled _,
          RunEvent.StallEnded _ -> {}
    }
  }

  private void onVerdict(Duration took) {
    double seconds = took.toNanos() / NANOS;
    int bucket = 0;
    while (bucket < SECONDS.length && seconds > SECONDS[bucket]) {
      bucket++;
    }
    verdicts[bucket]++;
    verdictSeconds += seconds;
  }

  /** Adds them, labelled with the run's name. */
  public synchronized void add(Exposition to, String run) {
    to.gauge(
        "troupe_checkpoint_age_seconds",
        "Since the last checkpoint was committed, or since this head has the run.",
        (nanos.getAsLong() - checkpointNanos) / NANOS,
        "run",
        run);
    to.histogram(
        "troupe_verdict_seconds",
        "Time that verdicts took.",
        SECONDS,
        verdicts,
        verdictSeconds,
        "run",
        run);
  }
}
