package dev.troupe.deploy.watch;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How fast a count grows: from the first number seen, so that a resumed run isn't too fast. */
final class Pace {
  private final LongSupplier nanos;
  private long first = -1;
  private long firstNanos;
  private long latest;
  private long latestNanos;

  Pace(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void reached(long count) {
    long now = nanos.getAsLong();
    if (first < 0) {
      first = count;
      firstNanos = now;
    }
    latest = count;
    latestNanos = now;
  }

  /** Time until {@code goal} is reached; known from the second count on. */
  Optional<Duration> left(long goal) {
    if (first < 0 || latest <= first) {
      return Optional.empty();
    }
    double nanosEach = (double) (latestNanos - firstNanos) / (latest - first);
    long waited = nanos.getAsLong() - latestNanos;
    double left = nanosEach * Math.max(0, goal - latest) - waited;
    return Optional.of(Duration.ofNanos((long) Math.max(0, left)));
  }
}
