package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand clusters whose heads and nodes come and go while people submit, pause, stop and
 * drain, and a proof that they would find what they look for.
 *
 * <p>{@code -Dtroupe.simulation.seed=N} runs that seed alone and prints its history, with {@code
 * -Dtroupe.simulation.flaw=NAME} with a flaw built in; {@code -Dtroupe.simulation.seeds=N} runs
 * that many seeds.
 */
class RunsSimulationTest {
  private static final long SEEDS = 10_000;
  private static final long SEEDS_TO_FIND_A_FLAW = 1_000;
  private static final long TROUBLED = 120_000;

  private record Failure(long seed, RunsFlaw flaw, String what) {
    @Override
    public String toString() {
      String built = flaw == RunsFlaw.NONE ? "" : " -Dtroupe.simulation.flaw=" + flaw;
      return "seed ["
          + seed
          + "]: "
          + what
          + "\nreplay it with: mvn -q -pl actors -am test -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dtest=RunsSimulationTest#keepsItsPromisesWhateverFails -Dtroupe.simulation.seed="
          + seed
          + built;
    }
  }

  /** What goes wrong in a seed; empty if all goes well. */
  private static Optional<Failure> failure(
      long seed, RunsFlaw flaw, Optional<StringBuilder> history) {
    try {
      new RunsWorld(seed, flaw, history).run(TROUBLED);
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(new Failure(seed, flaw, e + " at " + e.getStackTrace()[0]));
    }
  }

  private static Optional<Failure> firstFailure(RunsFlaw flaw, long seeds) {
    return LongStream.rangeClosed(1, seeds)
        .parallel()
        .mapToObj(seed -> failure(seed, flaw, Optional.empty()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Failure> replayed(long seed, RunsFlaw flaw) {
    StringBuilder history = new StringBuilder();
    Optional<Failure> failure = failure(seed, flaw, Optional.of(history));
    System.out.println(history);
    return failure;
  }

  @Test
  void keepsItsPromisesWhateverFails() {
    Long seed = Long.getLong("troupe.simulation.seed");
    RunsFlaw flaw =
        RunsFlaw.valueOf(System.getProperty("troupe.simulation.flaw", RunsFlaw.NONE.name()));
    assertThat(
            seed == null
                ? firstFailure(flaw, Long.getLong("troupe.simulation.seeds", SEEDS))
                : replayed(seed, flaw))
        .isEmpty();
  }

  @Test
  void findsEveryFlawThatIsBuiltIn() {
    StringBuilder found = new StringBuilder("seeds until a flaw was found:\n");
    Map<RunsFlaw, Optional<Failure>> failures = new TreeMap<>();
    for (RunsFlaw flaw : RunsFlaw.values()) {
      if (flaw != RunsFlaw.NONE) {
        Optional<Failure> failure = firstFailure(flaw, SEEDS_TO_FIND_A_FLAW);
        failures.put(flaw, failure);
        String seeds = failure.map(it -> Long.toString(it.seed())).orElse("not found");
        found.append("%9s  %s%n".formatted(seeds, flaw));
      }
    }
    System.out.println(found);
    assertThat(failures.values()).allSatisfy(failure -> assertThat(failure).isPresent());
  }

  @Test
  void aFailingSeedFailsTheSameWayAgain() {
    Failure first = firstFailure(RunsFlaw.ANSWERED_BEFORE_WRITTEN, 1_000).orElseThrow();
    StringBuilder history = new StringBuilder();
    assertThat(failure(first.seed(), first.flaw(), Optional.of(history))).contains(first);
    assertThat(history).contains("opens epoch 2");
    assertThat(first.toString()).contains("-Dtroupe.simulation.seed=" + first.seed());
  }

  @Test
  void everythingThatCanHappenHappens() {
    Map<RunsHappening, Long> counts = new TreeMap<>();
    for (long seed = 1; seed <= 200; seed++) {
      RunsWorld world = new RunsWorld(seed, RunsFlaw.NONE, Optional.empty());
      world.run(TROUBLED);
      world.happened().forEach((what, times) -> counts.merge(what, times, Long::sum));
    }
    assertThat(counts.keySet()).containsExactlyInAnyOrder(RunsHappening.values());
    assertThat(counts.values()).allSatisfy(times -> assertThat(times).isGreaterThan(5));
  }
}
