package dev.troupe.deploy.processor;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;

/**
 * What reinforcement learning costs, by kind of thread: from its first updates, which begin what is
 * begun once, to the last.
 */
public final class ProcessorUse implements RunListener {
  /** Updates before counting begins. */
  private static final long WARM_UP = 5;

  private final ProcessorClock clock;
  private ProcessorTimes begin = ProcessorTimes.unknown();

  public ProcessorUse(ProcessorClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (begin.isKnown()) {
      // Threads end with the run, and can't be asked any more.
      if (event instanceof RunEvent.PhaseChanged || event instanceof RunEvent.EvaluationEnded) {
        clock.read();
      }
    } else if (event instanceof RunEvent.UpdateMade made && made.number() >= WARM_UP) {
      begin = clock.read();
    }
  }

  /** From the first updates until now; nothing is known of a run that was too short. */
  public synchronized ProcessorTimes sinceBegin() {
    return begin.isKnown() ? clock.read().since(begin) : ProcessorTimes.unknown();
  }
}
