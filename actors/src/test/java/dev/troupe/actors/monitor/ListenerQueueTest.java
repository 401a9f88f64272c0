package dev.troupe.actors.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerQueueTest {
  private final CountDownLatch stands = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<String> heard = new ArrayList<>();
  private final ListenerQueue queue =
      new ListenerQueue(this::hear, Thread.ofPlatform().daemon().factory(), System::nanoTime);

  private static RunEvent event(int number) {
    return new RunEvent.ActorRestarted("number " + number, "");
  }

  private void hear(RunEvent event) {
    stands.countDown();
    try {
      goesOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    heard.add(((RunEvent.ActorRestarted) event).actor());
  }

  @Test
  void aListenerThatStandsStillMissesTheOldestEventsAndHearsTheRestInOrder() throws Exception {
    queue.add(event(0));
    stands.await();
    for (int i = 1; i <= ListenerQueue.EVENTS_MAX + 3; i++) {
      queue.add(event(i));
    }
    assertThat(queue.waiting()).isEqualTo(ListenerQueue.EVENTS_MAX);
    assertThat(queue.dropped()).isEqualTo(3);

    goesOn.countDown();
    queue.then(done::countDown);
    done.await();

    assertThat(heard)
        .hasSize(ListenerQueue.EVENTS_MAX + 1)
        .startsWith("number 0", "number 4", "number 5")
        .endsWith("number " + (ListenerQueue.EVENTS_MAX + 3));
  }

  @Test
  void whatFollowsWaitsForWhatWasAddedBefore() throws Exception {
    goesOn.countDown();
    queue.add(event(1));
    queue.then(() -> heard.add("then"));
    queue.add(event(2));
    queue.then(done::countDown);
    done.await();

    assertThat(heard).containsExactly("number 1", "then", "number 2");
  }
}
