package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.Recipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ClusterDirectoryTest {
  private static final Control RUNNING =
      new Control(1, Control.Wanted.RUN, Control.Outcome.NONE, "");

  @TempDir Path home;

  private ClusterDirectory withRun(String name) {
    ClusterDirectory directory = ClusterDirectory.open(home, "first");
    directory.create(new Submission(name, Recipes.small().build(), "# text", false));
    directory.write(name, RUNNING);
    return directory;
  }

  private Control controlSeenBy(String head) {
    return Objects.requireNonNull(ClusterDirectory.open(home, head).takeOver().get("tiny"))
        .control();
  }

  @Test
  void whatAnOvertakenHeadStillWritesDoesNotCount() {
    ClusterDirectory frozen = withRun("tiny");
    ClusterDirectory.open(home, "second").takeOver();

    Control over = RUNNING.ended(Control.Outcome.FAILED, "my epoch is over");
    assertThat(frozen.write("tiny", over)).isFalse();
    frozen.record("tiny", over);

    assertThat(frozen.isOvertaken()).isTrue();
    assertThat(controlSeenBy("third")).isEqualTo(RUNNING);
  }

  @Test
  void theNewestWordOfTheNewestHeadCounts() {
    withRun("tiny");
    ClusterDirectory second = ClusterDirectory.open(home, "second");
    second.takeOver();
    Control paused = RUNNING.with(Control.Wanted.PAUSE);
    second.write("tiny", RUNNING.with(Control.Wanted.STOP));
    second.write("tiny", paused);

    assertThat(controlSeenBy("third")).isEqualTo(paused);
  }

  @Test
  void whichNodesAreToLeaveIsKnownToEveryLaterHead() {
    Map<String, DrainOrder> orders =
        Map.of(
            "pekko://troupe@127.0.0.1:7355/user/node#-1", new DrainOrder("worker 1", false),
            "pekko://troupe@127.0.0.1:7455/user/node#2", new DrainOrder("worker-2", true));
    ClusterDirectory first = ClusterDirectory.open(home, "first");
    assertThat(first.takeOverDrains()).isEmpty();
    assertThat(first.writeDrains(Map.of("gone", new DrainOrder("gone", true)))).isTrue();
    assertThat(first.writeDrains(orders)).isTrue();

    assertThat(ClusterDirectory.open(home, "second").takeOverDrains()).isEqualTo(orders);
    assertThat(ClusterDirectory.open(home, "third").takeOverDrains()).isEqualTo(orders);
  }

  @Test
  void anOvertakenHeadDrainsNobody() throws IOException {
    ClusterDirectory frozen = ClusterDirectory.open(home, "first");
    frozen.writeDrains(Map.of("asked", new DrainOrder("asked", false)));
    ClusterDirectory.open(home, "second").takeOverDrains();

    Map<String, DrainOrder> late = Map.of("late", new DrainOrder("late", true));
    assertThat(frozen.writeDrains(late)).isFalse();
    frozen.record(late);

    assertThat(ClusterDirectory.open(home, "third").takeOverDrains()).containsOnlyKeys("asked");
  }

  /** What disks and people make of a small file; none is what was written. */
  private static final List<Damage> DAMAGES =
      List.of(
          new Damage("emptied", _ -> new byte[0]),
          new Damage("torn", all -> Arrays.copyOf(all, all.length - 4)),
          new Damage("half", all -> Arrays.copyOf(all, all.length / 2)),
          new Damage("zeros", all -> new byte[all.length]),
          new Damage("binary", all -> noise(all.length)),
          new Damage("flipped", ClusterDirectoryTest::flipped),
          new Damage("words", _ -> "now\\u12".getBytes(StandardCharsets.UTF_8)));

  record Damage(String name, UnaryOperator<byte[]> how) {
    @Override
    public String toString() {
      return name;
    }

    void to(Path file) throws IOException {
      Files.write(file, how.apply(Files.readAllBytes(file)));
    }
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private static byte[] flipped(byte[] all) {
    all[all.length * 2 / 3] ^= 1;
    return all;
  }

  private static List<Damage> damages() {
    return DAMAGES;
  }

  /** A flipped bit may leave another message that can be read. */
  private static List<Damage> damagesOfMessages() {
    return DAMAGES.stream().filter(damage -> !damage.name().equals("flipped")).toList();
  }

  private Path newest(String folder) throws IOException {
    return OrderFiles.named(home.resolve(folder), ".*\\.properties").getFirst();
  }

  @ParameterizedTest
  @MethodSource("damages")
  void whereTheOrdersToLeaveAreDamagedThoseOfBeforeHold(Damage damage) throws IOException {
    ClusterDirectory first = ClusterDirectory.open(home, "first");
    Map<String, DrainOrder> before = Map.of("life#1", new DrainOrder("one", true));
    first.writeDrains(before);
    first.writeDrains(Map.of("life#2", new DrainOrder("two", false)));
    damage.to(newest(".cluster/drains"));

    assertThat(ClusterDirectory.open(home, "second").takeOverDrains()).isEqualTo(before);
    assertThat(ClusterDirectory.open(home, "third").takeOverDrains()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void aRunOfWhichNobodyKnowsWhatIsWantedEndsAndSaysSo(Damage damage) throws IOException {
    withRun("other").write("other", RUNNING.with(Control.Wanted.PAUSE));
    withRun("tiny").write("tiny", RUNNING.with(Control.Wanted.STOP));
    damage.to(newest("tiny/control"));

    Control control = controlSeenBy("second");
    assertThat(control.outcome()).isEqualTo(Control.Outcome.FAILED);
    assertThat(control.words()).contains("is damaged", "./troupe submit RECIPE --resume");
    assertThat(controlSeenBy("third")).isEqualTo(control);
    assertThat(ClusterDirectory.open(home, "fourth").takeOver()).containsOnlyKeys("tiny", "other");
  }

  @ParameterizedTest
  @MethodSource("damages")
  void whereTheListOfWhatCountsIsDamagedTheOneBeforeCounts(Damage damage) throws IOException {
    ClusterDirectory frozen = withRun("tiny");
    ClusterDirectory.open(home, "second").takeOver();
    frozen.record("tiny", RUNNING.ended(Control.Outcome.FAILED, "my epoch is over"));
    ClusterDirectory third = ClusterDirectory.open(home, "third");
    third.takeOver();
    damage.to(newest(".cluster/controls"));

    assertThat(controlSeenBy("fourth")).isEqualTo(RUNNING);
    assertThat(controlSeenBy("fifth")).isEqualTo(RUNNING);
  }

  @ParameterizedTest
  @MethodSource("damagesOfMessages")
  void aRunWithoutItsSpecificationIsLeftOutUntilItIsBack(Damage damage) throws IOException {
    withRun("other");
    ClusterDirectory first = withRun("tiny");
    Path file = home.resolve("tiny/specification.pb");
    byte[] good = Files.readAllBytes(file);
    Files.createFile(home.resolve("tiny/journal/segment"));
    damage.to(file);

    assertThat(ClusterDirectory.open(home, "second").takeOver()).containsOnlyKeys("other");
    Submission again = new Submission("tiny", Recipes.small().build(), "# text", false);
    assertThatThrownBy(() -> first.create(again))
        .hasMessageContaining("tiny] holds a run that the cluster doesn't list");
    Files.delete(file);
    assertThat(ClusterDirectory.open(home, "third").takeOver()).containsOnlyKeys("other");
    Files.write(file, good);
    assertThat(controlSeenBy("fourth")).isEqualTo(RUNNING);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void aDamagedSignIsNoSign(Damage damage) throws IOException {
    ClusterDirectory.open(home, "first").leaveSign("one", HostPort.parse("127.0.0.1:7355"), 4);
    damage.to(home.resolve(".cluster/active-head.properties"));

    assertThatNoException().isThrownBy(() -> LifeSign.in(home));
  }

  @Test
  void aRunThatCameBackFromABackupIsWantedAsItWasThen() throws IOException {
    withRun("tiny");
    Path control = newest("tiny/control");
    byte[] backup = Files.readAllBytes(control);
    ClusterDirectory second = ClusterDirectory.open(home, "second");
    second.takeOver();
    second.write("tiny", RUNNING.ended(Control.Outcome.DONE, "was made"));
    ClusterDirectory.open(home, "third").takeOver();

    Files.delete(newest("tiny/control"));
    Files.write(control, backup);

    assertThat(controlSeenBy("fourth")).isEqualTo(RUNNING);
  }

  @Test
  void ordersOfReleasesWithoutChecksumsAreRead() throws IOException {
    Path file = Files.writeString(home.resolve("old"), "#Tue Nov 24\nlife\\:1=now one\n");

    assertThat(OrderFiles.read(file).orElseThrow()).isEqualTo(Map.of("life:1", "now one"));
  }

  @Test
  void theLivingLeaveSigns() throws IOException {
    assertThat(LifeSign.in(home)).isEmpty();
    ClusterDirectory head = ClusterDirectory.open(home, "first");
    LifeSign sign = new LifeSign("one", HostPort.parse("127.0.0.1:7355"), 1, 4);

    head.leaveSign(sign.node(), sign.address(), sign.beat());

    assertThat(LifeSign.in(home)).contains(sign);
    Files.writeString(home.resolve(".cluster/active-head.properties"), "torn");
    assertThat(LifeSign.in(home)).isEmpty();
  }
}
