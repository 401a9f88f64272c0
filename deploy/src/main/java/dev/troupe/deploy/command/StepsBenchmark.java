package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.bench.ProcessMemory;
import dev.troupe.deploy.bench.StepsReport;
import dev.troupe.deploy.memory.NativeHeap;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole run of thousands of updates, each timed, and the memory of the process meanwhile. */
final class StepsBenchmark {
  /** Updates that are not looked at: compilation and first pages are no speed. */
  private static final long WARM_UP = 50;

  private static final long READ_EVERY_MILLIS = 2_000;

  private final Console console;

  StepsBenchmark(Console console) {
    this.console = console;
  }

  void run(Recipe recipe, Path folder) throws IOException {
    StepsReport report = measure(recipe, folder);
    report.blocks().forEach(line -> console.format("steps      %s", line));
    console.format(
        "           in 1,000 updates steps get longer by %.1f%%, their processor time by %.1f%%:"
            + " %s",
        report.wallSlope(),
        report.processorSlope(),
        report.isFlat() ? console.good("flat") : console.bad("NOT FLAT"));
    console.format(
        "           resident memory %.0f MB after %.0f s, %.0f MB at the end, by the line through"
            + " %d readings %+.2f MB a minute: %s",
        bytesAt(report, report.settledSecond()) / 1e6,
        report.settledSecond(),
        bytesAt(report, Double.MAX_VALUE) / 1e6,
        report.memory().size(),
        report.growth() / 1e6,
        report.isBounded() ? console.good("bounded") : console.bad("GROWS"));
  }

  private static double bytesAt(StepsReport report, double second) {
    return report.memory().stream()
        .filter(reading -> reading.second() >= second)
        .findFirst()
        .or(() -> report.memory().stream().reduce((_, last) -> last))
        .map(StepsReport.Reading::bytes)
        .orElse(0L);
  }

  StepsReport measure(Recipe recipe, Path folder) throws IOException {
    RunDirectory directory = new RunDirectory(folder).create();
    recipe.writeTo(directory.root());
    Steps steps = new Steps(Math.min(WARM_UP, recipe.specification().stop().updates() / 10));
    List<StepsReport.Reading> memory = new ArrayList<>();
    try (NativeHeap _ = NativeHeap.keepTrimmed()) {
      CompletableFuture<?> done =
          Troupe.start(
                  recipe.specification(),
                  directory,
                  TroupeOptions.of(
                      steps::on,
                      Clock.systemUTC(),
                      System::nanoTime,
                      Thread.ofPlatform().daemon().name("troupe-io-", 0).factory()))
              .done()
              .toCompletableFuture();
      long began = System.nanoTime();
      do {
        memory.add(
            new StepsReport.Reading((System.nanoTime() - began) / 1e9, ProcessMemory.resident()));
      } while (!isDone(done));
    }
    return new StepsReport(steps.made(), memory);
  }

  private static boolean isDone(CompletableFuture<?> done) {
    try {
      done.get(READ_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the measured run failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  /** Written by the run's listener, read when the run is over. */
  private static final class Steps {
    private static final String PROCESSOR_SECONDS = "processorSeconds";

    private final long warmUp;
    private final List<StepsReport.Step> made = new ArrayList<>();
    private long lastNanos;

    Steps(long warmUp) {
      this.warmUp = warmUp;
    }

    synchronized void on(RunEvent event) {
      if (event instanceof RunEvent.UpdateMade update) {
        long now = System.nanoTime();
        if (update.number() > Math.max(1, warmUp)) {
          made.add(
              new StepsReport.Step(
                  update.number(),
                  (now - lastNanos) / 1e9,
                  update.metrics().getOrDefault(PROCESSOR_SECONDS, Double.NaN)));
        }
        lastNanos = now;
      }
    }

    synchronized List<StepsReport.Step> made() {
      return List.copyOf(made);
    }
  }
}
