package dev.troupe.actors.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.ActorProgress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private static final long SECOND = 1_000_000_000L;

  private final StallWatch watch = new StallWatch(Duration.ofSeconds(30), 0);

  @Test
  void actorsThatAreGoneAreNotShownAnyMore() {
    watch.seen("run", 1, "", SECOND);
    watch.seen("a/rollout-0", 1, "", SECOND);
    watch.seen("b/rollout-0", 1, "", SECOND);

    watch.gone(Set.of("a/rollout-0"));

    assertThat(watch.actors(2 * SECOND))
        .extracting(ActorProgress::name)
        .containsExactly("run", "b/rollout-0");
  }

  @Test
  void whoSaysNothingAnyMoreIsNamed() {
    watch.seen("a/rollout-0", 1, "work from the replay actor", SECOND);

    assertThat(watch.actors(7 * SECOND))
        .extracting(ActorProgress::waitsFor)
        .containsExactly("nothing that it says: it is silent");
  }
}
