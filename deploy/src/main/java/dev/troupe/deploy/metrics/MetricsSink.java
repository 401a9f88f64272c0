package dev.troupe.deploy.metrics;

import java.util.SortedMap;

/** Where measurements go. */
interface MetricsSink extends AutoCloseable {
  /**
   * Takes the figures of one step.
   *
   * @param unixMillis when
   * @param step optimizer updates of the whole run so far, supervised ones included
   */
  void write(long unixMillis, long step, SortedMap<String, Double> scalars);

  @Override
  void close();
}
