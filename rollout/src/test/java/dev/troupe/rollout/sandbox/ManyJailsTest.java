package dev.troupe.rollout.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.sandbox.Ending.Exited;
import dev.troupe.rollout.sandbox.Sandbox.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many programs at once. Where there is no sandbox, that is said instead. */
class ManyJailsTest {
  private static final SandboxLimits PATIENT =
      SandboxLimits.STANDARD.within(Duration.ofSeconds(60), Duration.ofSeconds(30));

  @Test
  void runsFortyAtOnceEachByItself() throws Exception {
    if (Here.isMissing()) {
      return;
    }
    try (Sandbox sandbox = Sandbox.open(new Settings("", false, 40, 0), System.getenv());
        ExecutorService threads = Executors.newFixedThreadPool(40)) {
      List<Future<ProgramRun>> runs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String input = i + "\n";
        String program =
            """
            import os
            n = input()
            open(n, 'w').close()
            print(n, os.listdir('.'), sum(name.isdigit() for name in os.listdir('/proc')))
            """;
        runs.add(threads.submit(() -> sandbox.run(program, List.of(input), PATIENT).getFirst()));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(runs.get(i).get())
            .isEqualTo(new ProgramRun(new Exited(0), i + " ['" + i + "'] 2\n", ""));
      }
    }
  }

  @Test
  void letsCallersWaitUpToABoundAndEndsJailsWhenItIsClosed() throws Exception {
    if (Here.isMissing()) {
      return;
    }
    var begun = new CountDownLatch(1);
    Sandbox sandbox = Sandbox.open(new Settings("", false, 1, 0), System.getenv());
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<?> sleeper =
          threads.submit(
              () -> {
                begun.countDown();
                return sandbox.run("import time\ntime.sleep(4274)", List.of(""), PATIENT);
              });
      begun.await();
      while (!sandbox.isFull()) {
        Thread.onSpinWait();
      }

      assertThatThrownBy(() -> sandbox.run("print(1)", List.of(""), PATIENT))
          .isInstanceOf(SandboxFailedException.class)
          .hasMessage("[0] programs wait for the sandbox, the most allowed");

      while (!sandbox.isRunning()) {
        Thread.onSpinWait();
      }
      sandbox.close();
      assertThatThrownBy(sleeper::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SandboxFailedException.class);
    } finally {
      sandbox.close();
    }
  }
}
