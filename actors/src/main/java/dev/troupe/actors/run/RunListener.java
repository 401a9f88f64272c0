package dev.troupe.actors.run;

/**
 * Follows a run. Called by one thread at a time, in order; it must be quick, because the run's
 * monitor waits for it, and what it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface RunListener {
  void on(RunEvent event);
}
