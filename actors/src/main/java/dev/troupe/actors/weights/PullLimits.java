package dev.troupe.actors.weights;

import java.time.Duration;

/**
 * How patient a pull is.
 *
 * @param connect for a connection with its greeting
 * @param chunk for a chunk to come, once it was asked for
 * @param hedge after this a chunk is asked for at another source as well
 * @param patience without help from others before the origin is asked for more than one's share
 * @param stall without any chunk before the pull fails
 * @param retry pause before a source is tried again; doubled each time
 * @param strikesMax failures of one source before it is given up
 * @param windowChunks asked for ahead at one source
 */
public record PullLimits(
    Duration connect,
    Duration chunk,
    Duration hedge,
    Duration patience,
    Duration stall,
    Duration retry,
    int strikesMax,
    int windowChunks) {
  /** For machines of a cluster. */
  public static final PullLimits DEFAULT =
      new PullLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofMillis(100),
          5,
          3);
}
