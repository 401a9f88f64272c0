package dev.troupe.actors.run;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** How tests have a run made, and wait for its end. */
final class TestRuns {
  private TestRuns() {}

  /** With every message serialized. */
  static TroupeOptions options(RunListener listener) {
    return TroupeOptions.of(
            listener,
            Clock.systemUTC(),
            System::nanoTime,
            Thread.ofPlatform().daemon().name("io-", 1).factory())
        .serializingMessages();
  }

  static RunSummary end(RunHandle run) throws Exception {
    return run.done().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
