package dev.troupe.deploy.command;

import dev.troupe.deploy.report.Summary;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long CartPole takes to 475, as a user would train it: the recipe that comes with Troupe, in a
 * process of its own, once for each of five seeds.
 */
final class ControlBenchmark {
  private static final int SEEDS = 5;

  private final Console console;

  ControlBenchmark(Console console) {
    this.console = console;
  }

  private record Measured(double training, double process, long updates, double stepsPerSecond) {}

  /**
   * @param home of the program
   * @param folder for the runs
   */
  void run(Path home, Path folder) throws IOException {
    List<Measured> measured = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      Measured one = measure(home, folder.resolve("seed-" + seed), seed);
      measured.add(one);
      console.format(
          "  seed %d  %.1f s of training, %.1f s with process start, %d updates, %.0f k steps/s",
          seed, one.training(), one.process(), one.updates(), one.stepsPerSecond() / 1e3);
    }
    console.format(
        "ppo        %s to 475 on CartPole-v1, %s with process start (medians of %d seeds)",
        console.bold(
            "%.1f s".formatted(median(measured.stream().map(Measured::training).toList()))),
        console.bold("%.1f s".formatted(median(measured.stream().map(Measured::process).toList()))),
        SEEDS);
  }

  private static Measured measure(Path home, Path run, int seed) throws IOException {
    long begun = System.nanoTime();
    Path said = run.resolveSibling(run.getFileName() + ".log");
    Process process =
        new ProcessBuilder(
                home.resolve("troupe").toString(),
                "train",
                home.resolve("recipes/cartpole.conf").toString(),
                "--run",
                run.toString(),
                "--set",
                "seed=" + seed,
                "--no-page")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int status = process.onExit().join().exitValue();
    double seconds = (System.nanoTime() - begun) / 1e9;
    Optional<Summary> summary = SummaryFile.read(run.resolve("summary.json"));
    if (status != ExitCode.DONE || summary.isEmpty()) {
      throw new IOException("the run with seed [" + seed + "] failed:\n" + Files.readString(said));
    }
    Summary told = summary.get();
    return new Measured(
        told.wallSeconds(), seconds, told.updates(), told.learningTokensPerSecond());
  }

  private static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
