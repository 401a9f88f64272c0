package dev.troupe.actors.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  @Test
  void sumsWhatTheThreadsThatItCountsHaveUsed() throws InterruptedException {
    ProcessorTime processor = new ProcessorTime(thread -> thread.getName().length());
    CountDownLatch over = new CountDownLatch(1);
    ThreadFactory counted = processor.counting(Thread.ofPlatform()::unstarted);
    Runnable waiting =
        () -> {
          try {
            over.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        };
    Thread first = counted.newThread(waiting);
    Thread second = counted.newThread(waiting);
    first.setName("four");
    second.setName("seven..");
    first.start();
    second.start();

    assertThat(processor.getAsLong()).isEqualTo(4 + 7);
    over.countDown();
    first.join();
    second.join();
  }

  @Test
  void aThreadWhoseTimeNobodyKnowsCountsAsNothing() {
    ProcessorTime processor = new ProcessorTime(_ -> -1);
    var _ = processor.counting(Thread.ofPlatform()::unstarted).newThread(() -> {});

    assertThat(processor.getAsLong()).isZero();
  }

  @Test
  void threadsThatHaveEndedAreForgottenWhenOthersBegin() throws InterruptedException {
    ProcessorTime processor = new ProcessorTime(_ -> 5);
    ThreadFactory counted = processor.counting(Thread.ofPlatform()::unstarted);
    Thread ended = counted.newThread(() -> {});
    ended.start();
    ended.join();
    var _ = counted.newThread(() -> {});

    assertThat(processor.getAsLong()).isEqualTo(5);
  }
}
