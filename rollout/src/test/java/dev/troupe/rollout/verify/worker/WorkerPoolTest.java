package dev.troupe.rollout.verify.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import dev.troupe.rollout.verify.Attempts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long processes that die are started again. */
class WorkerPoolTest {
  /** Dies at once, always. */
  private static final class Dying implements Program {
    private int starts;

    @Override
    public WorkerProcess start() throws WorkerLostException {
      starts++;
      throw new WorkerLostException(Kind.WORKER_DIED, "it died of itself");
    }

    @Override
    public VerifierWorkerRequest open() {
      return VerifierWorkerRequest.getDefaultInstance();
    }
  }

  @Test
  void saysThatItIsBrokenAfterDeathsInARow() {
    Dying dying = new Dying();
    try (WorkerPool pool =
        new WorkerPool(dying, 1, 8, new Patience(3, Duration.ZERO, Duration.ZERO))) {
      for (int i = 0; i < 3; i++) {
        assertThat(pool.judge(Attempts.attempt("7", "7")))
            .isEqualTo(new Outcome.Crashed("it died of itself"));
      }
      Outcome broken =
          new Outcome.Crashed(
              "it is broken: [3] processes died in a row without a verdict, no other is started;"
                  + " the last one: it died of itself");
      assertThat(
              pool.judgeAll(
                  List.of(Attempts.attempt("7", "7"), Attempts.attempt("7", "8")),
                  Duration.ofSeconds(1)))
          .containsExactly(broken, broken);
    }
    assertThat(dying.starts).isEqualTo(3);
  }

  @Test
  void pausesLongerAfterEachDeath() {
    Patience patience = new Patience(20, Duration.ofMillis(200), Duration.ofSeconds(5));
    assertThat(List.of(1, 2, 3, 4, 7, 19).stream().map(patience::pauseAfter))
        .containsExactly(
            Duration.ZERO,
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }
}
