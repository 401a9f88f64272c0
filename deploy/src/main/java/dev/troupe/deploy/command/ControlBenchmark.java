package dev.troupe.deploy.command;

import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.bench.ControlPeer.Trained;
import dev.troupe.deploy.bench.ControlPeer.Trainer;
import dev.troupe.deploy.bench.PeerException;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.report.Summary;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.protocol.run.EnvironmentSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How long CartPole takes to 475, as a user would train it: the recipe that comes with Troupe, in a
 * process of its own, once for each of a few seeds; and, where there are others to compare with,
 * those in turns with it.
 */
final class ControlBenchmark {
  /** What rl-zoo has for Stable-Baselines3's PPO, whose clip falls to 0 besides. */
  private static final List<String> AS_SB3 =
      List.of(
          "environment.count=8",
          "environment.steps=32",
          "algorithm.gae-lambda=0.8",
          "algorithm.gamma=0.98",
          "algorithm.epochs=20",
          "algorithm.minibatches=1",
          "algorithm.learning-rate=1e-3",
          "algorithm.schedule=linear",
          "evaluation.episodes=1",
          "stop.steps=100000");

  private final Console console;
  private final int seeds;

  ControlBenchmark(Console console, int seeds) {
    this.console = console;
    this.seeds = seeds;
  }

  /**
   * @param home of the program
   * @param folder for the runs
   * @param peer to compare with
   */
  void run(Path home, Path folder, Optional<ControlPeer> peer) throws IOException {
    List<Trained> ours = new ArrayList<>();
    List<Trained> asSb3 = new ArrayList<>();
    Map<Trainer, List<Trained>> theirs = new EnumMap<>(Trainer.class);
    Map<Trainer, String> missing = new EnumMap<>(Trainer.class);
    console.line(
        "  seconds                            training  with start  processor    steps  steps/s");
    for (int seed = 1; seed <= seeds; seed++) {
      ours.add(show(seed, "Troupe", train(home, folder, seed, List.of())));
      if (peer.isPresent()) {
        for (Trainer trainer : Trainer.values()) {
          try {
            if (!missing.containsKey(trainer)) {
              Trained one = show(seed, trainer.title(), peer.get().train(trainer, seed));
              theirs.computeIfAbsent(trainer, _ -> new ArrayList<>()).add(one);
            }
          } catch (PeerException e) {
            missing.put(trainer, e.why());
            console.format("  %s wasn't measured: %s", trainer.title(), e.why());
          }
        }
        asSb3.add(show(seed, "Troupe, SB3's settings", train(home, folder, seed, AS_SB3)));
      }
    }
    console.format(
        "ppo        %s to 475 on CartPole-v1, %s with process start (medians of %d seeds)",
        console.bold("%.1f s".formatted(median(ours, Trained::seconds))),
        console.bold("%.1f s".formatted(median(ours, Trained::processSeconds))),
        seeds);
    compare(ours, theirs);
    Optional.ofNullable(theirs.get(Trainer.SB3)).ifPresent(sb3 -> compareRates(asSb3, sb3));
  }

  /** With the fastest at its own settings, each of the three figures for itself. */
  private void compare(List<Trained> ours, Map<Trainer, List<Trained>> theirs) {
    List<List<Trained>> own =
        Stream.of(Trainer.SB3, Trainer.CLEANRL)
            .flatMap(trainer -> Stream.ofNullable(theirs.get(trainer)))
            .filter(ControlBenchmark::reached)
            .toList();
    if (!own.isEmpty()) {
      console.format(
          "           of the fastest peer's training time %s (target 0.33), with process start %s"
              + " (target 0.20), of its processor time %s",
          share(ours, own, Trained::seconds),
          share(ours, own, Trained::processSeconds),
          share(ours, own, Trained::processorSeconds));
    }
    List<Trained> likeOurs = theirs.getOrDefault(Trainer.ENVPOOL, List.of());
    if (!likeOurs.isEmpty() && reached(likeOurs)) {
      console.format(
          "           of PyTorch's on EnvPool with our settings %s, %s and %s",
          share(ours, List.of(likeOurs), Trained::seconds),
          share(ours, List.of(likeOurs), Trained::processSeconds),
          share(ours, List.of(likeOurs), Trained::processorSeconds));
    }
  }

  /** Most of the times. */
  private static boolean reached(List<Trained> peer) {
    return peer.stream().filter(Trained::solved).count() * 2 > peer.size();
  }

  private String share(
      List<Trained> ours, List<List<Trained>> theirs, ToDoubleFunction<Trained> figure) {
    double fastest = theirs.stream().mapToDouble(peer -> median(peer, figure)).min().orElseThrow();
    return console.bold("%.2f".formatted(median(ours, figure) / fastest));
  }

  private void compareRates(List<Trained> ours, List<Trained> sb3) {
    console.format(
        "           at Stable-Baselines3's settings %s times its steps/s (target 10), %s times by"
            + " processor time",
        console.bold(
            "%.1f"
                .formatted(
                    median(ours, Trained::stepsPerSecond) / median(sb3, Trained::stepsPerSecond))),
        console.bold(
            "%.1f"
                .formatted(
                    median(ours, ControlBenchmark::stepsPerProcessorSecond)
                        / median(sb3, ControlBenchmark::stepsPerProcessorSecond))));
  }

  private static double stepsPerProcessorSecond(Trained trained) {
    return trained.steps() / trained.processorSeconds();
  }

  private Trained show(int seed, String who, Trained trained) {
    console.format(
        "  %-34s %8.1f  %10.1f  %9.1f  %7d  %7.0f%s",
        "seed " + seed + "  " + who,
        trained.seconds(),
        trained.processSeconds(),
        trained.processorSeconds(),
        trained.steps(),
        trained.stepsPerSecond(),
        trained.solved() ? "" : "  475 not reached");
    return trained;
  }

  private static Trained train(Path home, Path folder, int seed, List<String> settings)
      throws IOException {
    Path recipe = home.resolve("recipes/cartpole.conf");
    Path run = Files.createTempDirectory(folder, "seed-" + seed + "-");
    Files.delete(run);
    Path said = run.resolveSibling(run.getFileName() + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                home.resolve("troupe").toString(),
                "train",
                recipe.toString(),
                "--run",
                run.toString(),
                "--no-page"));
    List<String> all = Stream.concat(Stream.of("seed=" + seed), settings.stream()).toList();
    all.forEach(setting -> command.addAll(List.of("--set", setting)));
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    int status = process.onExit().join().exitValue();
    double seconds = (System.nanoTime() - begun) / 1e9;
    Path file = run.resolve("summary.json");
    Optional<Summary> summary = SummaryFile.read(file);
    if (status != ExitCode.DONE || summary.isEmpty()) {
      throw new IOException("the run with seed [" + seed + "] failed:\n" + Files.readString(said));
    }
    EnvironmentSpecification environment =
        new RecipeReader(Processor.here())
            .read(recipe, all)
            .specification()
            .control()
            .orElseThrow()
            .environment();
    return new Trained(
        summary.get().wallSeconds(),
        seconds,
        SummaryFile.processorSeconds(file),
        summary.get().updates() * environment.count() * environment.steps(),
        summary.get().ended().contains("returned"));
  }

  private static double median(List<Trained> trained, ToDoubleFunction<Trained> figure) {
    double[] sorted = trained.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
