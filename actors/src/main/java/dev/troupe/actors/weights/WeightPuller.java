package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.protocol.policy.PolicyManifest;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** Brings weights into this node's {@link WeightStore}. */
public final class WeightPuller implements AutoCloseable {
  private final WeightStore store;
  private final TransportSecurity security;
  private final PullLimits limits;
  private final ThreadFactory threads;
  private final Deadlines deadlines;

  /**
   * @param security asked at every connection
   * @param threads one for a pull and one for each of its sources; virtual ones are meant
   */
  public WeightPuller(
      WeightStore store,
      TransportSecurity security,
      PullLimits limits,
      ThreadFactory threads,
      LongSupplier nanos) {
    this.store = store;
    this.security = security;
    this.limits = limits;
    this.threads = threads;
    this.deadlines = new Deadlines(nanos, threads);
  }

  /** Begins to pull the weights of {@code manifest}. */
  public Pull pull(PolicyManifest manifest, PullPlan plan) {
    Pull pull = new Pull(manifest, plan, this);
    threads.newThread(pull::run).start();
    return pull;
  }

  WeightStore store() {
    return store;
  }

  TransportSecurity security() {
    return security;
  }

  PullLimits limits() {
    return limits;
  }

  ThreadFactory threads() {
    return threads;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  /** Ends the connections of all pulls, which fail. */
  @Override
  public void close() {
    deadlines.close();
  }
}
