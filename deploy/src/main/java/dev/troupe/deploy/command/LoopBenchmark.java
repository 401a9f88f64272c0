package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.processor.ProcessorClock;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ProcessorUse;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Sampling, judging, booking and learning together: a short run, timed from update to update. */
final class LoopBenchmark {
  /** Updates before the clock starts: compilation and first pages are no speed. */
  static final long WARM_UP = 3;

  private final Console console;

  LoopBenchmark(Console console) {
    this.console = console;
  }

  /**
   * What a run did after its warm-up.
   *
   * @param rates of its last seconds
   */
  record Measured(
      long updates,
      double seconds,
      RunSummary summary,
      RunEvent.Rates rates,
      ProcessorTimes processor) {}

  /**
   * Completions a second.
   *
   * @param what is computed, for the reader
   */
  double run(String what, Recipe recipe, Path folder) throws IOException {
    Measured measured = measure(recipe, folder);
    RunSummary summary = measured.summary();
    long batch = recipe.specification().replay().batchTrajectories();
    double completions = measured.updates() * batch / measured.seconds();
    console.format(
        "loop       %s completions/s, %s; sampling %s tokens/s idle %s, learning %s tokens/s idle"
            + " %s",
        console.bold(Figures.count(completions)),
        what,
        Figures.count(summary.samplingTokensPerSecond()),
        Figures.percent(summary.samplingIdleShare()),
        Figures.count(summary.learningTokensPerSecond()),
        Figures.percent(summary.learningIdleShare()));
    if (measured.processor().isKnown()) {
      console.format("           processor time: %s", measured.processor().shares());
    }
    return completions;
  }

  /** The same work strictly on-policy and with sampling ahead of learning. */
  void compare(Recipe onPolicy, Recipe ahead, Path folder) throws IOException {
    double without = perUpdate(onPolicy, folder.resolve("on-policy"));
    double with = perUpdate(ahead, folder.resolve("ahead"));
    console.format(
        "lag        %.2f s an update with a lag of at most %d, %.2f s with %d: %s of the time",
        with,
        ahead.specification().replay().policyLagMax(),
        without,
        onPolicy.specification().replay().policyLagMax(),
        console.bold(Figures.percent(with / without)));
  }

  private static double perUpdate(Recipe recipe, Path folder) throws IOException {
    Measured measured = measure(recipe, folder);
    return measured.seconds() / measured.updates();
  }

  static Measured measure(Recipe recipe, Path folder) throws IOException {
    RunDirectory directory = new RunDirectory(folder).create();
    recipe.writeTo(directory.root());
    AtomicLong from = new AtomicLong();
    AtomicLong to = new AtomicLong();
    AtomicLong updates = new AtomicLong();
    AtomicReference<RunEvent.Rates> rates = new AtomicReference<>(RunEvent.Rates.none());
    ProcessorUse processor = new ProcessorUse(ProcessorClock.ofThisProcess());
    TroupeOptions options =
        TroupeOptions.of(
            event -> {
              processor.on(event);
              if (event instanceof RunEvent.UpdateMade made) {
                if (made.number() == WARM_UP) {
                  from.set(System.nanoTime());
                }
                to.set(System.nanoTime());
                updates.set(made.number());
                rates.set(made.rates());
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
    return new Measured(
        updates.get() - WARM_UP,
        (to.get() - from.get()) / 1e9,
        summary,
        Objects.requireNonNull(rates.get()),
        processor.sinceBegin());
  }
}
