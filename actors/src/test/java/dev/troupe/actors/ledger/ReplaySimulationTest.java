package dev.troupe.actors.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.ReplaySimulation.Flaw;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplaySimulationTest {
  private static final int SEEDS = 2_000;
  private static final int STEPS = 200;

  /** The first failure, with the seed that replays it. */
  private static Optional<String> firstFailure(Flaw flaw, int seeds) {
    for (long seed = 1; seed <= seeds; seed++) {
      try {
        new ReplaySimulation(seed, flaw).run(STEPS, 3);
      } catch (AssertionError | RuntimeException e) {
        StackTraceElement at = e.getStackTrace()[0];
        return Optional.of("seed [" + seed + "]: " + e + " at " + at);
      }
    }
    return Optional.empty();
  }

  @Test
  void keepsItsPromisesWhateverIsLostDoubledDelayedOrCrashes() {
    assertThat(firstFailure(Flaw.NONE, SEEDS)).isEmpty();
  }

  @Test
  void makesProgressInMostRunsWhileTroublesLast() {
    long cut = 0;
    for (long seed = 1; seed <= 50; seed++) {
      ReplaySimulation simulation = new ReplaySimulation(seed, Flaw.NONE);
      simulation.run(400, 0);
      cut += simulation.batchesCut();
    }
    assertThat(cut).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(
      value = Flaw.class,
      names = {"NO_DEDUPE", "ACKNOWLEDGED_BEFORE_SYNC", "LAG_CHECKED_AT_ADMISSION_ONLY"})
  void findsAFlawThatWasBuiltIn(Flaw flaw) {
    assertThat(firstFailure(flaw, SEEDS)).isPresent();
  }
}
