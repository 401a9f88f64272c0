package dev.troupe.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/**
 * How long a silent node is waited for before the others remove it and its work goes elsewhere: the
 * first half until it counts as unreachable, the second until nothing else has changed. One for the
 * whole cluster. A singleton begins elsewhere another half later, which gives the other side of a
 * partition the time to end itself.
 *
 * @param seconds of silence
 */
public record LostAfter(int seconds) {
  static final String KEY = "troupe.lost-after-seconds";

  /** Three heartbeats in the first half: with fewer, one late packet would do. */
  public static final int LEAST_SECONDS = 4;

  public static final int MOST_SECONDS = 600;

  /** What nodes do that are told nothing else. */
  public static final LostAfter DEFAULT = new LostAfter(8);

  /**
   * @throws IllegalArgumentException if {@code seconds} is none of the possible ones
   */
  public LostAfter {
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException(
          "got ["
              + seconds
              + "], expected between "
              + LEAST_SECONDS
              + " and "
              + MOST_SECONDS
              + " seconds");
    }
  }

  Config pekko() {
    long half = seconds * 500L;
    String resolver = "pekko.cluster.split-brain-resolver.";
    return ConfigFactory.parseMap(
        Map.of(
            KEY,
            seconds,
            "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
            half + "ms",
            resolver + "stable-after",
            half + "ms",
            // A flapping network must not keep the resolver waiting for ever.
            resolver + "down-all-when-unstable",
            half * 3 / 2 + "ms"));
  }
}
