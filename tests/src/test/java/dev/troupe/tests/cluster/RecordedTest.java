package dev.troupe.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import dev.troupe.tests.process.TinyRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A head dies between having something recorded and saying it: it holds nevertheless. */
@Timeout(300)
final class RecordedTest {
  private static final int KILLED = 137;
  private static final int STOPPED = 3;
  private static final String ALL = "head,learner,rollout,reward";

  @TempDir Path directory;

  @Test
  void aHeadThatIsStartedAgainGoesOnWithWhatItHadRecordedAndNobodyWasToldOf() throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(1)) {
      Cluster.Node granting = cluster.head(0, ALL, Optional.of(at(CrashPoint.RUN_GRANTED)));
      cluster.awaitUp(granting);
      Path recipe = TinyRecipe.in(directory, "stop.updates = 100000", "evaluation.every = 100000");
      Product.Running submitted = cluster.submit(recipe);
      awaitDeath(cluster, granting);

      Cluster.Node stopping = cluster.head(0, ALL, Optional.of(at(CrashPoint.ORDER_RECORDED)));
      cluster.awaitFigures("tiny", TinyRecipe.SUPERVISED_STEPS + 2);
      Cluster.Node far = cluster.distantWorker("far", "rollout", at(CrashPoint.CHUNK_RECEIVED));
      awaitDeath(cluster, far);
      Product.Running asking = cluster.starting("stop", "tiny", "--to", cluster.address(0));
      awaitDeath(cluster, stopping);
      asking.kill();

      cluster.head(0, ALL);
      submitted.await().with(STOPPED);
      RunFiles run = cluster.run("tiny");
      assertThat(run.summary().get("updates").getAsLong()).isPositive();
      assertThat(run.orderlyCounts().consumed()).isPositive();
    }
  }

  @Test
  @Tag("long")
  void theNextHeadDrainsTheNodeThatTheLastOneWasAskedToDrain() throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      Cluster.Node first = cluster.head(0, "head", Optional.of(at(CrashPoint.DRAIN_RECORDED)));
      cluster.awaitUp(first);
      Cluster.Node second = cluster.head(1, "head,learner");
      Cluster.Node third = cluster.head(2, "head,reward");
      Cluster.Node leaving = cluster.worker("leaving", "rollout");
      Cluster.Node staying = cluster.worker("staying", "rollout");
      cluster.awaitUp(second, third, leaving, staying);
      Path recipe = TinyRecipe.in(directory, "reward.artificial-delay = 2 s", "stop.updates = 30");
      Product.Running submitted = cluster.submit(recipe, cluster.address(1));
      cluster.awaitFigures("tiny", TinyRecipe.SUPERVISED_STEPS + 2);
      Product.Running asking = cluster.starting("drain", "leaving", "--to", cluster.address(0));
      awaitDeath(cluster, first);
      asking.kill();

      assertThat(leaving.running().await().with(0).out()).contains("left the cluster");

      RunFiles run = cluster.run("tiny");
      assertThat(Files.exists(run.directory().summary())).as("the run goes on").isFalse();
      submitted.await().with(0);
      assertThat(run.orderlyCounts().leased()).isZero();
    }
  }

  private static void awaitDeath(Cluster cluster, Cluster.Node node) {
    cluster.awaitOrTell(() -> !node.running().process().isAlive());
    node.running().await().with(KILLED);
  }

  private static String at(CrashPoint point) {
    return point.label();
  }
}
