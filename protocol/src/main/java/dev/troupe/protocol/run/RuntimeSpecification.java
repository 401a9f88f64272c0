package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.time.Duration;

/**
 * Threads, devices, patience.
 *
 * @param rolloutActors samplers on each rollout node
 * @param learnerThreads micro-batches computed at the same time; the result does not depend on it
 * @param samplerDevice for example {@code cpu} or {@code cuda:0}
 * @param learnerDevice likewise
 * @param stallAfter without progress, the watchdog names who waits for whom
 * @param share of a cluster's rollout slots, in proportion to the shares of its other runs
 */
public record RuntimeSpecification(
    int rolloutActors,
    int learnerThreads,
    String samplerDevice,
    String learnerDevice,
    Duration stallAfter,
    double share) {
  public RuntimeSpecification {
    Check.atLeast("rolloutActors", 1, rolloutActors);
    Check.atLeast("learnerThreads", 1, learnerThreads);
    Check.notBlank("samplerDevice", samplerDevice);
    Check.notBlank("learnerDevice", learnerDevice);
    Check.positive("stallAfter", stallAfter);
    Check.positive("share", share);
  }
}
