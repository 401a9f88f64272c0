package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
