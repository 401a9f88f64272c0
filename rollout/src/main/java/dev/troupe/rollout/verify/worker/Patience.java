package dev.troupe.rollout.verify.worker;

import java.time.Duration;

/**
 * With processes that die.
 *
 * @param deathsMax in a row, without a verdict between them; then no other is started
 * @param pause before the third in a row, and twice as long before each further one
 * @param pauseMax the longest pause
 */
record Patience(int deathsMax, Duration pause, Duration pauseMax) {
  static final Patience STANDARD = new Patience(20, Duration.ofMillis(200), Duration.ofSeconds(5));

  /** Before the next one, after so many deaths. */
  Duration pauseAfter(int deaths) {
    if (deaths < 2) {
      return Duration.ZERO;
    }
    Duration doubled = pause.multipliedBy(1L << Math.min(deaths - 2, 20));
    return doubled.compareTo(pauseMax) < 0 ? doubled : pauseMax;
  }
}
