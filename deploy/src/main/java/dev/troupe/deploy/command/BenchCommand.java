package dev.troupe.deploy.command;

import dev.troupe.deploy.bench.Benchmarks;
import dev.troupe.deploy.bench.Folders;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures this machine. */
@Command(
    name = "bench",
    header =
        "Measures how fast this machine decodes, trains, journals, keeps the books, moves weights"
            + " and trajectories, and does all of it at once; and what sampling ahead is worth.",
    footer = {
      "%nOn an idle machine, please. With a Python that has torch and transformers, those are"
          + " measured",
      "on the same shapes in the same run.",
      "%nExamples:",
      "  ./troupe bench",
      "  ./troupe bench decode train --python /path/to/venv/bin/python",
      "  ./troupe bench loop"
    })
final class BenchCommand implements Callable<Integer> {
  /** What can be measured. */
  enum What {
    DECODE,
    TRAIN,
    JOURNAL,
    LEDGER,
    WEIGHTS,
    PLANE,
    LOOP,
    LAG
  }

  /** Batches for many producers, and a disk that doesn't fill. */
  private static final List<String> PLANE =
      List.of(
          "replay.groups=256",
          "replay.max-policy-lag=4",
          "replay.journal.retain=since-oldest-checkpoint",
          "reward.queue-max=16384");

  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "WHAT",
      description =
          "Of decode, train, journal, ledger, weights, plane, loop, lag; all of them if none is"
              + " given.")
  private List<What> chosen = List.of();

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description = "A Python with transformers to compare with.")
  private @Nullable Path python;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<What> what = chosen.isEmpty() ? List.of(What.values()) : chosen;
    int cores = Runtime.getRuntime().availableProcessors();
    Benchmarks benchmarks =
        new Benchmarks(console, System::nanoTime, cores, Optional.ofNullable(python));
    console.format("%s, %d cores, Java %s", Processor.here().name(), cores, Runtime.version());
    double matrixRate =
        what.contains(What.DECODE) || what.contains(What.TRAIN) ? benchmarks.matrices() : 0;
    if (what.contains(What.DECODE)) {
      benchmarks.decode(64, matrixRate);
      benchmarks.decode(256, matrixRate);
    }
    if (what.contains(What.TRAIN)) {
      benchmarks.train(recipe(List.of()).specification().learner(), matrixRate);
    }
    if (what.contains(What.JOURNAL)) {
      benchmarks.journal();
    }
    if (what.contains(What.LEDGER)) {
      benchmarks.ledger();
    }
    if (what.contains(What.WEIGHTS)) {
      benchmarks.weights();
    }
    if (what.contains(What.PLANE)) {
      benchmarks.plane(recipe(PLANE).specification());
    }
    if (what.contains(What.LOOP)) {
      inFolder(folder -> new LoopBenchmark(console).run(recipe(List.of()), folder));
    }
    if (what.contains(What.LAG)) {
      inFolder(
          folder -> new LoopBenchmark(console).compare(slowlyJudged(0), slowlyJudged(2), folder));
    }
    return ExitCode.DONE;
  }

  private interface InFolder {
    void run(Path folder) throws IOException;
  }

  private static void inFolder(InFolder work) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-loop");
    try {
      work.run(folder);
    } finally {
      Folders.delete(folder);
    }
  }

  /** The same loop with a verifier that takes 50 ms, as one that runs programs does. */
  private static Recipe slowlyJudged(int lagMax) throws IOException {
    return recipe(
        List.of(
            "replay.max-policy-lag=" + lagMax,
            "replay.groups=16",
            "sampling.lanes=128",
            "reward.artificial-delay=50 ms",
            "reward.workers=32",
            "stop.updates=40"));
  }

  /** The recipe whose loop is measured; its keys stand in the resource bench.conf. */
  private static Recipe recipe(List<String> changed) throws IOException {
    Path file = Files.createTempFile("bench", ".conf");
    try (var source =
        BenchCommand.class.getResourceAsStream("/dev/troupe/deploy/bench/bench.conf")) {
      if (source == null) {
        throw new IllegalStateException("bench.conf is missing from the class path");
      }
      Files.write(file, source.readAllBytes());
      return new RecipeReader(Processor.here())
          .read(file, Stream.concat(Stream.of("name=bench"), changed.stream()).toList());
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
