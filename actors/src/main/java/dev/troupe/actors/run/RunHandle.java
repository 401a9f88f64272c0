package dev.troupe.actors.run;

import dev.troupe.actors.cluster.Answer;
import java.util.concurrent.CompletionStage;

/** A run under way. */
public interface RunHandle {
  /** Completes when the run is over; exceptionally with {@link RunFailedException}. */
  CompletionStage<RunSummary> done();

  /** Finishes what is under way, checkpoints, and ends resumable. */
  void drain();

  /** Ends now: the state is that of a crash, and as safe. */
  void stopNow();

  /** Begins nothing new until {@link #goOn}. */
  void pause();

  void goOn();

  /** Changes who judges; the answer comes once the journal holds it. */
  CompletionStage<Answer> reward(RewardOrder order);

  RunStatus status();
}
