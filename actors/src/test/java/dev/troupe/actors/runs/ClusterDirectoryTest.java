package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
