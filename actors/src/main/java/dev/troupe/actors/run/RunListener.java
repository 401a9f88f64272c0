package dev.troupe.actors.run;

/**
 * Follows a run. Called by one thread at a time, in order; it should be quick: where it falls far
 * behind, it misses events, and the run's end waits for it. What it throws is logged and otherwise
 * ignored.
 */
@FunctionalInterface
public interface RunListener {
  void on(RunEvent event);
}
