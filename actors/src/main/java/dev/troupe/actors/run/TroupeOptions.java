package dev.troupe.actors.run;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a run gets from the program around it.
 *
 * @param listener follows the run
 * @param clock of the dates in the journal
 * @param nanos monotonic clock of every duration
 * @param threads of journal and other input and output
 * @param crashHook called at every {@link CrashPoint}
 * @param resume whether the run directory is expected to hold a run; a fresh run refuses one that
 *     does
 * @param fromCheckpoint update of an earlier kept checkpoint to go on from, instead of the newest
 *     committed one
 * @param host on which the cluster listens
 * @param port likewise, 0 = any free one
 * @param serializeMessages whether every message is serialized even within this JVM (for tests)
 */
public record TroupeOptions(
    RunListener listener,
    Clock clock,
    LongSupplier nanos,
    ThreadFactory threads,
    Consumer<CrashPoint> crashHook,
    boolean resume,
    OptionalLong fromCheckpoint,
    String host,
    int port,
    boolean serializeMessages) {

  /** A fresh run on loopback that nobody disturbs. */
  public static TroupeOptions of(
      RunListener listener, Clock clock, LongSupplier nanos, ThreadFactory threads) {
    return new TroupeOptions(
        listener,
        clock,
        nanos,
        threads,
        _ -> {},
        false,
        OptionalLong.empty(),
        "127.0.0.1",
        0,
        false);
  }

  public TroupeOptions resuming() {
    return new TroupeOptions(
        listener,
        clock,
        nanos,
        threads,
        crashHook,
        true,
        fromCheckpoint,
        host,
        port,
        serializeMessages);
  }

  /** Goes on from the committed checkpoint of {@code update}, not from the newest. */
  public TroupeOptions resumingFrom(long update) {
    return new TroupeOptions(
        listener,
        clock,
        nanos,
        threads,
        crashHook,
        true,
        OptionalLong.of(update),
        host,
        port,
        serializeMessages);
  }

  public TroupeOptions withCrashHook(Consumer<CrashPoint> hook) {
    return new TroupeOptions(
        listener,
        clock,
        nanos,
        threads,
        hook,
        resume,
        fromCheckpoint,
        host,
        port,
        serializeMessages);
  }

  public TroupeOptions serializingMessages() {
    return new TroupeOptions(
        listener, clock, nanos, threads, crashHook, resume, fromCheckpoint, host, port, true);
  }
}
