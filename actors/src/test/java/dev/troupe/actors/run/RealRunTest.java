package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tiny decoder, really trained. */
@Timeout(180)
class RealRunTest {
  @TempDir Path directory;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  private TroupeOptions options() {
    return TroupeOptions.of(
            events::add,
            Clock.systemUTC(),
            System::nanoTime,
            Thread.ofPlatform().daemon().name("io-", 1).factory())
        .serializingMessages();
  }

  @Test
  void trainsATinyDecoderToTheEnd() throws Exception {
    RunSpecification recipe = Recipes.small().sft(20).updates(8).build();
    RunHandle run = Troupe.start(recipe, new RunDirectory(directory), options());
    RunSummary summary = run.done().toCompletableFuture().get(120, TimeUnit.SECONDS);
    assertThat(summary.updates()).isEqualTo(8);
    assertThat(summary.accuracyBefore()).isPresent();
    assertThat(summary.accuracyAfter()).isPresent();
    assertThat(summary.ledger().consumed()).isEqualTo(8 * 16);
    assertThat(summary.samplingTokensPerSecond()).isPositive();
    assertThat(summary.learningTokensPerSecond()).isPositive();
    System.out.println(summary);
  }
}
