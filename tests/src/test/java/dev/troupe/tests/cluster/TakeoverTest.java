package dev.troupe.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.tests.process.Finished;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.TinyRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes of a cluster die while a run goes on; others take over, and the books hold.
 *
 * <p>All three nodes have all roles: the first becomes the active head and gets the learner, so
 * that one death takes everything with it that only one process has.
 */
@Timeout(300)
final class TakeoverTest {
  private static final int KILLED = 137;
  private static final String ALL = "head,learner,rollout,reward";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      names = {
        "AFTER_GRANT",
        "BEFORE_SYNC",
        "AFTER_SYNC_BEFORE_RECORDED",
        "AFTER_CUT",
        "AFTER_UPDATE",
        "AFTER_CHECKPOINT_BEFORE_COMMIT"
      })
  void anotherNodeTakesOverFromOneThatDiesAtItsWorstMoment(CrashPoint point) throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      Cluster.Node first = cluster.head(0, ALL, Optional.of(point.label() + ":2"));
      cluster.awaitListening(first);
      Cluster.Node second = cluster.head(1, ALL);
      Cluster.Node third = cluster.head(2, ALL);
      cluster.awaitUp(first, second, third);
      Product.Running submitted = cluster.submit(TinyRecipe.in(directory), cluster.address(1));
      first.running().await().with(KILLED);
      check(cluster, submitted);
    }
  }

  @Test
  void othersSampleWhatALostWorkerHad() throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(1)) {
      Cluster.Node head = cluster.head(0, "head,learner,reward");
      Cluster.Node lost = cluster.worker("lost", "rollout");
      Cluster.Node other = cluster.worker("other", "rollout");
      cluster.awaitUp(head, lost, other);
      Product.Running submitted =
          cluster.submit(TinyRecipe.in(directory, "stop.updates = 8"), cluster.address(0));
      cluster.awaitFigures("tiny", TinyRecipe.SUPERVISED_STEPS + 3);
      lost.running().kill().with(KILLED);
      check(cluster, submitted);
    }
  }

  private static void check(Cluster cluster, Product.Running submitted) throws IOException {
    try {
      submitted.await().with(0);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + cluster.said(), e);
    }
    assertThat(cluster.home().resolve("tiny/summary.json")).exists();
    Finished.check(cluster.run("tiny"));
  }
}
