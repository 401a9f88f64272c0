package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.bench.NodesBenchmark.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks that start processes, each in its smallest form. */
@Timeout(180)
class ClusterBenchmarksTest {
  @TempDir Path folder;

  @Tag("long")
  @Test
  void nodesAgreeOnAGuestThatJoinsLeavesAndIsKilled() throws IOException {
    List<ProcessHandle> before = ProcessHandle.current().children().toList();
    List<NodesBenchmark.Size> done = new ArrayList<>();
    Limits limits = new Limits(2, Duration.ofSeconds(60), Duration.ofSeconds(1), 0);
    try (NodesBenchmark nodes = new NodesBenchmark(folder, limits, System::nanoTime)) {
      assertThat(nodes.run(List.of(3), done::add)).isEmpty();
    }
    assertThat(done)
        .singleElement()
        .satisfies(
            size -> {
              assertThat(size.nodes()).isEqualTo(3);
              assertThat(size.processes()).isEqualTo(2);
              // Nobody is taken for dead before the failure detector's pause has passed.
              assertThat(size.kill()).isGreaterThan(4);
              assertThat(size.leave()).isPositive();
            });
    assertThat(ProcessHandle.current().children()).isSubsetOf(before);
  }

  @Test
  void saysWhatBrokeWhenNodesDoNotAgree() throws IOException {
    Limits hasty = new Limits(2, Duration.ZERO, Duration.ZERO, 0);
    try (NodesBenchmark nodes = new NodesBenchmark(folder, hasty, System::nanoTime)) {
      assertThat(nodes.run(List.of(2), _ -> {}))
          .contains("2 nodes: no agreement within 0 s")
          .contains("sees [0] members, expected [1]");
    }
  }

  @Test
  void messagesPassToAnotherProcessAndAsksAreAnswered() throws IOException {
    try (MessagesBenchmark messages = new MessagesBenchmark(System::nanoTime)) {
      MessagesBenchmark.Rates rates = messages.measure(Duration.ofMillis(200));

      assertThat(rates.oneWay()).isPositive();
      assertThat(rates.single().medianMillis()).isPositive();
      assertThat(rates.many().perSecond()).isPositive();
    }
  }

  @Test
  void aReceiverNeedsOneMoreCopyOfTheWeightsWhileTheNextOnesCome() throws IOException {
    int tensors = 24;
    int tensorBytes = 2 << 20;
    try (WeightsMemory memory = new WeightsMemory(folder, tensors, tensorBytes, System::nanoTime)) {
      WeightsMemory.Taken taken = memory.measure(6);

      assertThat(taken.none().sum()).isLessThan(taken.one().sum());
      // Beside the copy there are buffers of chunks; the Java heap may be touched further.
      assertThat(taken.more()).as(taken.toString()).isBetween(0L, 2L * tensors * tensorBytes);
    }
  }

  @Test
  void saysUnderWhatConditionsFiguresWereTaken() throws IOException {
    assertThat(Conditions.words(0.1, 2, 21_000_000_000L, 25_000_000_000L))
        .isEqualTo("load 0.1 on 2 cores (idle), 21 GB of 25 GB available");
    assertThat(Conditions.words(30, 2, 0, 0)).contains("load 30.0 on 2 cores (beside other work)");
    assertThat(Conditions.now()).contains(" cores (");
  }
}
