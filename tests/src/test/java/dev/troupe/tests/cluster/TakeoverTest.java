package dev.troupe.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.tests.process.Finished;
import dev.troupe.tests.process.Poles;
import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import dev.troupe.tests.process.TinyRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes of a cluster die or freeze while a run goes on; others take over, and the books hold.
 *
 * <p>Where all three nodes have all roles, the first becomes the active head and gets the learner,
 * so that one death takes everything with it that only one process has. Eight updates are too few
 * to say anything of the accuracy at the end; that after the supervised steps must be, to the last
 * bit, the one of a run that nobody disturbed. Times are printed, and stand in docs/performance.md.
 */
@Timeout(300)
final class TakeoverTest {
  private static final int KILLED = 137;
  private static final int REMOVED = 75;
  private static final String ALL = "head,learner,rollout,reward";
  private static double undisturbed;

  @TempDir Path directory;

  @BeforeAll
  static void trainUndisturbed(@TempDir Path alone) throws IOException {
    Path run = alone.resolve("tiny");
    Product.in(alone)
        .run("train", TinyRecipe.in(alone).toString(), "--run", run.toString(), "--no-page")
        .with(0);
    undisturbed = accuracyBefore(new RunFiles(run));
  }

  // Most of a takeover is waiting: two clusters at a time.
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource(
      names = {
        "AFTER_GRANT",
        "AFTER_SYNC_BEFORE_RECORDED",
        "AFTER_CUT",
        "AFTER_CHECKPOINT_BEFORE_COMMIT"
      })
  void anotherNodeTakesOverFromOneThatDiesAtItsWorstMoment(CrashPoint point) throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      takesOver(cluster, point);
    }
  }

  /** Three samplers on as many nodes, of which one dies with the head and the learner. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void episodesGoOnThroughATakeoverAndWeightsAreThoseOfOneProcess() throws IOException {
    Product.in(directory)
        .run("train", Poles.recipe(directory, 1).toString(), "--run", "alone", "--no-page")
        .with(0);
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      String point = CrashPoint.AFTER_CUT.label() + ":6";
      Cluster.Node first = cluster.head(0, ALL, Optional.of(point));
      cluster.awaitListening(first);
      Cluster.Node second = cluster.head(1, ALL);
      Cluster.Node third = cluster.head(2, ALL);
      cluster.awaitUp(first, second, third);
      Product.Running submitted = cluster.submit(Poles.recipe(directory, 1), cluster.address(1));
      first.running().await().with(KILLED);
      submitted.await().with(0);
      Poles.assertSame(cluster.run("poles"), new RunFiles(directory.resolve("alone")));
      Poles.assertEpisodesWentOn(cluster.run("poles"), 1);
    }
  }

  @ParameterizedTest
  @Tag("long")
  @EnumSource(names = {"BEFORE_SYNC", "AFTER_UPDATE", "AFTER_SAMPLING", "AFTER_VERDICT"})
  void anotherNodeTakesOverAtOtherMoments(CrashPoint point) throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      takesOver(cluster, point);
    }
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(ints = {5, 20})
  void takeoversComeEarlierOrLaterAsSilentNodesAreWaitedFor(int seconds) throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(3).lostAfter(seconds)) {
      System.out.printf("with --lost-after %d:%n", seconds);
      takesOver(cluster, CrashPoint.AFTER_CUT);
    }
  }

  private void takesOver(Cluster cluster, CrashPoint point) throws IOException {
    Cluster.Node first = cluster.head(0, ALL, Optional.of(point.label() + ":2"));
    cluster.awaitListening(first);
    Cluster.Node second = cluster.head(1, ALL);
    Cluster.Node third = cluster.head(2, ALL);
    cluster.awaitUp(first, second, third);
    Product.Running submitted = cluster.submit(TinyRecipe.in(directory), cluster.address(1));
    first.running().await().with(KILLED);
    Instant died = Instant.now();
    check(cluster, submitted);
    print("died " + point.label() + ", another head is active", died, takeover(second, third));
  }

  @ParameterizedTest
  @Tag("long")
  @EnumSource(names = {"BEFORE_SYNC", "BEFORE_CHECKPOINT_RENAME"})
  void whatAHeadWritesThatWakesUpAfterTheTakeoverDoesNotCount(CrashPoint point)
      throws IOException, InterruptedException {
    try (Cluster cluster = new Cluster(directory).heads(3)) {
      Cluster.Node first = cluster.freezingHead(0, ALL, point.label() + ":3");
      cluster.awaitUp(first);
      Cluster.Node second = cluster.head(1, ALL);
      Cluster.Node third = cluster.head(2, ALL);
      cluster.awaitUp(first, second, third);
      Product.Running submitted = cluster.submit(TinyRecipe.in(directory), cluster.address(1));
      cluster.awaitOrTell(() -> isStopped(first.running().process()));
      Instant froze = Instant.now();
      cluster.awaitOrTell(() -> takeover(second, third).isPresent());
      print("froze " + point.label() + ", another head is active", froze, takeover(second, third));
      RunFiles run = cluster.run("tiny");
      cluster.awaitOrTell(() -> epochs(run).contains("000002-"));
      long frozen = bytesOfFirstEpoch(run);

      first.running().signal("CONT");

      first.running().await().with(REMOVED);
      check(cluster, submitted);
      if (point == CrashPoint.BEFORE_SYNC) {
        assertThat(bytesOfFirstEpoch(run))
            .as("after its sync it looks whether its word still counts, and writes no more")
            .isEqualTo(frozen);
      }
    }
  }

  @Test
  void othersSampleWhatALostWorkerHadWhileNobodyLooksOn() throws IOException, InterruptedException {
    try (Cluster cluster = new Cluster(directory).heads(1)) {
      Cluster.Node head = cluster.head(0, "head,learner,reward");
      cluster.awaitUp(head);
      Cluster.Node lost = cluster.worker("lost", "rollout");
      Cluster.Node other = cluster.worker("other", "rollout");
      cluster.awaitUp(head, lost, other);
      Product.Running submitted = cluster.submit(slow(), cluster.address(0));
      cluster.awaitFigures("tiny", TinyRecipe.SUPERVISED_STEPS + 2);

      submitted.signal("INT");
      assertThat(submitted.await().with(0).out())
          .contains("detached; run [tiny] goes on")
          .contains("./troupe watch tiny --to " + cluster.address(0));
      String to = " --to " + cluster.address(0);
      assertThat(cluster.command("status", "--to", cluster.address(0)).with(0).out())
          .contains("tiny: active, update ");
      lost.running().kill().with(KILLED);
      Instant killed = Instant.now();
      Path screen = directory.resolve("screen.txt");
      Product.Running watching = cluster.onTerminal(screen, "watch tiny" + to);
      cluster.awaitOrTell(() -> head.logged("granted again").size() > 0);
      cluster.awaitOrTell(() -> Files.exists(cluster.run("tiny").directory().summary()));
      cluster.awaitOrTell(() -> plain(screen).contains("tiny: done"));
      watching.process().getOutputStream().write('q');
      watching.process().getOutputStream().flush();
      watching.await().with(0);

      assertThat(plain(screen))
          .contains("\u001b[?1049h\u001b[?25l", "tiny: active", "the law holds", "q quits")
          .contains("\u001b[?25h\u001b[?1049l");
      finished(cluster);
      List<JsonObject> again = head.logged("granted again");
      assertThat(again.getFirst().keySet()).contains("run", "node", "lease", "holder");
      assertThat(again)
          .allSatisfy(line -> assertThat(line.get("holder").getAsString()).startsWith("other/"));
      assertThat(head.logged("weights published").getFirst().keySet())
          .contains("run", "node", "policyVersion");
      assertThat(head.logged("update made").getFirst().keySet())
          .contains("run", "node", "policyVersion", "batch");
      printGrantedAgain(head, killed);
    }
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(ints = {5, 20})
  void lostWorkIsGrantedAgainEarlierOrLaterAsSilentNodesAreWaitedFor(int seconds)
      throws IOException {
    try (Cluster cluster = new Cluster(directory).heads(1).lostAfter(seconds)) {
      Cluster.Node head = cluster.head(0, "head,learner,reward");
      cluster.awaitUp(head);
      Cluster.Node lost = cluster.worker("lost", "rollout");
      cluster.awaitUp(head, lost, cluster.worker("other", "rollout"));
      Product.Running submitted = cluster.submit(slow(), cluster.address(0));
      cluster.awaitFigures("tiny", TinyRecipe.SUPERVISED_STEPS + 2);
      lost.running().kill().with(KILLED);
      Instant killed = Instant.now();
      cluster.awaitOrTell(() -> head.logged("granted again").size() > 0);
      System.out.printf("with --lost-after %d:%n", seconds);
      printGrantedAgain(head, killed);
      check(cluster, submitted);
    }
  }

  /** So slow that the run isn't over before a loss is noticed. */
  private Path slow() throws IOException {
    return TinyRecipe.in(directory, "reward { artificial-delay = 5 s, time-limit = 60 s }");
  }

  private static void printGrantedAgain(Cluster.Node head, Instant killed) {
    Optional<JsonObject> first = head.logged("granted again").stream().findFirst();
    print("killed a worker, its work is granted again", killed, first);
  }

  /** What was drawn, without its colours. */
  private static String plain(Path screen) throws IOException {
    return Files.readString(screen).replaceAll("\u001b\\[[0-9;]*m", "");
  }

  private static boolean isStopped(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return stat.substring(stat.lastIndexOf(')')).startsWith(") T");
  }

  /** Names of the journal's segments, which begin with their epoch. */
  private static String epochs(RunFiles run) throws IOException {
    try (Stream<Path> segments = Files.list(run.directory().journal())) {
      return segments.map(file -> file.getFileName().toString()).toList().toString();
    }
  }

  private static long bytesOfFirstEpoch(RunFiles run) throws IOException {
    try (Stream<Path> segments = Files.list(run.directory().journal())) {
      return segments
          .filter(file -> file.getFileName().toString().startsWith("000001-"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static Optional<JsonObject> takeover(Cluster.Node... others) {
    return Stream.of(others)
        .flatMap(node -> node.logged("the active head is [" + node.name() + "]").stream())
        .findFirst();
  }

  private static void print(String what, Instant since, Optional<JsonObject> line) {
    Instant then = Instant.parse(line.orElseThrow().get("time").getAsString());
    System.out.printf("%s after %.1f s%n", what, Duration.between(since, then).toMillis() / 1e3);
  }

  private static void check(Cluster cluster, Product.Running submitted) throws IOException {
    try {
      submitted.await().with(0);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + cluster.said(), e);
    }
    finished(cluster);
  }

  private static void finished(Cluster cluster) throws IOException {
    RunFiles run = cluster.run("tiny");
    assertThat(run.directory().summary()).exists();
    Finished.check(run);
    assertThat(accuracyBefore(run)).isEqualTo(undisturbed);
  }

  private static double accuracyBefore(RunFiles run) throws IOException {
    return run.summary().get("accuracyBefore").getAsDouble();
  }
}
