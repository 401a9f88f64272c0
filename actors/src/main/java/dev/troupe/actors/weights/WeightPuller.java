package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.protocol.policy.PolicyManifest;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Brings weights into this node's {@link WeightStore}. */
public final class WeightPuller implements AutoCloseable {
  private final WeightStore store;
  private final TransportSecurity security;
  private final PullLimits limits;
  private final ThreadFactory threads;
  private final Deadlines deadlines;
  private volatile Runnable onChunk = () -> {};
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder fetched = new LongAdder();
  private final LongAdder found = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder fetchNanos = new LongAdder();

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

  /** {@code heard} is called whenever a chunk has come whole and isn't written yet. */
  public void onChunk(Runnable heard) {
    onChunk = heard;
  }

  void chunkCame() {
    onChunk.run();
  }

  /** Begins to pull the weights of {@code manifest}. */
  public Pull pull(PolicyManifest manifest, PullPlan plan) {
    Pull pull = new Pull(manifest, plan, this);
    pull.outcome().thenAccept(this::count);
    threads.newThread(pull::run).start();
    return pull;
  }

  private void count(PullOutcome outcome) {
    switch (outcome) {
      case PullOutcome.Complete(_, _, var chunks, var nanos) when chunks > 0 -> {
        fetched.increment();
        fetchNanos.add(nanos);
      }
      case PullOutcome.Complete _ -> found.increment();
      case PullOutcome.Cancelled _ -> cancelled.increment();
      case PullOutcome.Failed _ -> failed.increment();
    }
  }

  /** What has been pulled so far, and sent by {@code server}. */
  public WeightTraffic traffic(WeightServer server) {
    return new WeightTraffic(
        server.bytesSent(),
        bytesReceived.sum(),
        damaged.sum(),
        fetched.sum(),
        found.sum(),
        cancelled.sum(),
        failed.sum(),
        fetchNanos.sum(),
        server.connections(),
        server.refused());
  }

  void received(int bytes) {
    bytesReceived.add(bytes);
  }

  void damaged() {
    damaged.increment();
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
