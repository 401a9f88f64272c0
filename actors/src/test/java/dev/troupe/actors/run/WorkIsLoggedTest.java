package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.troupe.actors.rollout.RolloutActor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who reads the log finds every piece of work by its run, lease, batch and policy version. */
@Timeout(120)
class WorkIsLoggedTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.troupe.actors.replay");
  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event);
        }
      };

  @TempDir Path directory;

  @BeforeEach
  void listen() {
    appender.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void everyPieceOfWorkCarriesWhatItIsAbout() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().updates(200).build(), directory.resolve("sums"));
    // So that samplers have work in hand whenever they are lost.
    run.fakes.onAdvance = () -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    run.start().awaitUpdate(2);
    run.children().rollouts().forEach(rollout -> rollout.tell(new RolloutActor.Poison()));
    await().atMost(Duration.ofSeconds(30)).until(() -> isSaid("granted again"));
    run.handle().stopNow();
    run.end();

    assertThat(lines)
        .allSatisfy(
            line -> assertThat(fields(line)).as(line.toString()).containsEntry("run", "sums"));
    assertThat(fields("members of group")).containsOnlyKeys("run", "lease", "holder");
    assertThat(fields("granted again")).containsOnlyKeys("run", "lease", "holder");
    assertThat(fields("end with work undone")).containsOnlyKeys("run", "lease", "holder");
    assertThat(fields("] recorded: Scored")).containsOnlyKeys("run", "lease", "policyVersion");
    assertThat(fields("batch cut, of [16]")).containsOnlyKeys("run", "batch");
    assertThat(lines)
        .filteredOn(line -> line.getLevel() == Level.INFO)
        .as("what is not of the ordinary way")
        .allMatch(
            line ->
                line.getFormattedMessage().contains("granted again")
                    || line.getFormattedMessage().contains("end with work undone"));
  }

  private boolean isSaid(String words) {
    return lines.stream().anyMatch(line -> line.getFormattedMessage().contains(words));
  }

  /** Of the first line that says {@code words}. */
  private Map<String, String> fields(String words) {
    return lines.stream()
        .filter(line -> line.getFormattedMessage().contains(words))
        .map(WorkIsLoggedTest::fields)
        .findFirst()
        .orElse(Map.of());
  }

  private static Map<String, String> fields(ILoggingEvent line) {
    return line.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
  }
}
