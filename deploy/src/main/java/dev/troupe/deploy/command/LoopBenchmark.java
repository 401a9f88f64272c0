package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Sampling, judging, booking and learning together: a short run, timed from update to update. */
final class LoopBenchmark {
  /** Updates before the clock starts: compilation and first pages are no speed. */
  private static final long WARM_UP = 3;

  private final Console console;

  LoopBenchmark(Console console) {
    this.console = console;
  }

  void run(Recipe recipe, Path folder) throws IOException {
    RunDirectory directory = new RunDirectory(folder).create();
    recipe.writeTo(directory.root());
    AtomicLong from = new AtomicLong();
    AtomicLong to = new AtomicLong();
    AtomicLong updates = new AtomicLong();
    TroupeOptions options =
        TroupeOptions.of(
            event -> {
              if (event instanceof RunEvent.UpdateMade made) {
                if (made.number() == WARM_UP) {
                  from.set(System.nanoTime());
                }
                to.set(System.nanoTime());
                updates.set(made.number());
              }
            },
            Clock.systemUTC(),
            System::nanoTime,
            Thread.ofPlatform().daemon().name("troupe-io-", 0).factory());
    RunSummary summary =
        Troupe.start(recipe.specification(), directory, options)
            .done()
            .toCompletableFuture()
            .join();
    double seconds = (to.get() - from.get()) / 1e9;
    long batch = recipe.specification().replay().batchTrajectories();
    console.format(
        "loop       %s completions/s, sampling %s tokens/s idle %s, learning %s tokens/s idle %s",
        console.bold(Figures.count((updates.get() - WARM_UP) * batch / seconds)),
        Figures.count(summary.samplingTokensPerSecond()),
        Figures.percent(summary.samplingIdleShare()),
        Figures.count(summary.learningTokensPerSecond()),
        Figures.percent(summary.learningIdleShare()));
  }
}
