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

@Timeout(120)
class TroupeTest {
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
  void trainsToTheEndWithEveryMessageSerialized() throws Exception {
    RunSpecification recipe = Recipes.small().build();
    FakeEngines fakes = new FakeEngines(recipe);
    RunHandle run = Troupe.start(recipe, new RunDirectory(directory), options(), fakes.engines());
    RunSummary summary = run.done().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(summary.updates()).isEqualTo(6);
    assertThat(summary.accuracyBefore()).hasValue(0);
    assertThat(summary.accuracyAfter()).isPresent();
    assertThat(fakes.trained).hasSize(6);
    assertThat(summary.ledger().consumed()).isEqualTo(6 * 16);
    assertThat(fakes.livePolicies).hasValue(0);
    assertThat(summary.resumable()).isFalse();
  }
}
