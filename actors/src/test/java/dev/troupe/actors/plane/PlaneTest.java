package dev.troupe.actors.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.run.Recipes;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in this JVM, which talk over loopback. */
@Timeout(120)
class PlaneTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LANES = 8;
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("plane-", 0).factory();

  @TempDir Path directory;

  @Test
  void whatAProducerMakesComesToTheLearnerUntilTheDiskStandsStill() throws IOException {
    RunSpecification recipe = Recipes.small().build();
    try (PlaneHead head =
            PlaneHead.start(
                recipe,
                new RunDirectory(directory).create(),
                free(),
                Clock.systemUTC(),
                System::nanoTime,
                THREADS);
        PlaneProducer producer =
            PlaneProducer.join(
                head.address(),
                new PlaneProducer.Settings(
                    "node/rollout-0",
                    Samples.body(5),
                    LANES,
                    recipe.reward(),
                    recipe.replay().leaseLimit()),
                System::nanoTime,
                THREADS)) {
      head.begin(producer.reference());
      awaitTrajectories(head, 500);
      await().atMost(PATIENCE).until(() -> !producer.pings().isEmpty());
      assertThat(head.totals().dropped().keySet()).isSubsetOf(DropReason.STALE);
      head.stopDisk(true);
      PlaneHead.Count stood = awaitStandstill(head);
      head.stopDisk(false);
      awaitTrajectories(head, stood.trajectories() + 500);
    }
  }

  private static void awaitTrajectories(PlaneHead head, long wanted) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              head.remind();
              return head.count().trajectories() >= wanted;
            });
  }

  private static PlaneHead.Count awaitStandstill(PlaneHead head) {
    PlaneHead.Count[] last = {head.count()};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              PlaneHead.Count before = last[0];
              last[0] = head.count();
              return last[0].equals(before);
            });
    return last[0];
  }

  private static HostPort free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new HostPort("127.0.0.1", socket.getLocalPort());
    }
  }
}
