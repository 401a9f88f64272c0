package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.bench.SlowPole;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.protocol.run.EnvironmentSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Sampling and learning at the same time: what either side loses by waiting for the other, and how
 * sampling scales with samplers until the learner is the limit. Environments that take a
 * millisecond a step without a processor let sixteen samplers share two cores.
 */
final class AsyncBenchmark {
  /** Of updates, for a sampler. */
  private final long updates;

  private final List<Integer> samplers;
  private final Console console;

  /**
   * @param updates that are measured, for each sampler
   * @param samplers how many there are, in turn
   */
  AsyncBenchmark(Console console, List<Integer> samplers, long updates) {
    this.console = console;
    this.samplers = List.copyOf(samplers);
    this.updates = updates;
  }

  /** Makes the measured recipe with some settings changed. */
  interface Recipes {
    Recipe with(List<String> changed) throws IOException;
  }

  /** Steps a second, and shares of the last seconds in which either side waited. */
  private record Row(double stepsPerSecond, RunEvent.Rates rates) {}

  void run(Recipes recipes, Path folder) throws IOException {
    Row limit =
        measure(
            recipes.with(List.of("runtime.rollout-actors=1", "stop.updates=" + 16 * updates)),
            folder.resolve("limit"));
    console.format(
        "async      learning is the limit: %s steps/s, the learner waits %s of the time, the"
            + " sampler %s",
        console.bold(Figures.count(limit.stepsPerSecond())),
        console.bold(Figures.percent(limit.rates().learningIdleShare())),
        Figures.percent(limit.rates().samplingIdleShare()));
    console.line(
        "           a millisecond a step: samplers  steps/s  of what can be  samplers wait  learner"
            + " waits");
    double one = 0;
    for (int count : samplers) {
      Row row =
          measure(
              recipes.with(
                  List.of(
                      "environment.id=" + SlowPole.class.getName(),
                      "runtime.rollout-actors=" + count,
                      "stop.updates=" + (LoopBenchmark.WARM_UP + updates * count))),
              folder.resolve("samplers-" + count));
      one = one == 0 ? row.stepsPerSecond() / count : one;
      console.format(
          "           %30d  %7.0f  %14s  %13s  %13s",
          count,
          row.stepsPerSecond(),
          Figures.percent(row.stepsPerSecond() / Math.min(one * count, limit.stepsPerSecond())),
          Figures.percent(row.rates().samplingIdleShare()),
          Figures.percent(row.rates().learningIdleShare()));
    }
  }

  private static Row measure(Recipe recipe, Path folder) throws IOException {
    LoopBenchmark.Measured measured = LoopBenchmark.measure(recipe, folder);
    EnvironmentSpecification environment =
        recipe.specification().control().orElseThrow().environment();
    long batch =
        (long) environment.count()
            * environment.steps()
            * recipe.specification().replay().batchTrajectories();
    return new Row(measured.updates() * batch / measured.seconds(), measured.rates());
  }
}
