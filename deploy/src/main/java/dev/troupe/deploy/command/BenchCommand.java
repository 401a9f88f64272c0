package dev.troupe.deploy.command;

import dev.troupe.deploy.bench.BooksBenchmarks;
import dev.troupe.deploy.bench.ClusterBenchmarks;
import dev.troupe.deploy.bench.Conditions;
import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.bench.EngineBenchmarks;
import dev.troupe.deploy.bench.Scratch;
import dev.troupe.deploy.bench.VerifiersBenchmark;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.model.torch.ProcessEnd;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
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
            + ", messages and trajectories, and does all of it at once; what sampling ahead is"
            + " worth; whether thousands of updates slow down or take memory; how many nodes fit on"
            + " it; and how fast environments step and verifiers judge.",
    footer = {
      "%nOn an idle machine, please: each benchmark says its target, and the load of the machine",
      "when it began. With a Python that has torch and transformers, those are measured on the",
      "same shapes in the same run, for loop also TRL where it is installed. steps takes a quarter",
      "of an hour, nodes as long and most of the memory.",
      "%nExamples:",
      "  ./troupe bench",
      "  ./troupe bench decode train --python /path/to/venv/bin/python",
      "  ./troupe bench loop",
      "  ./troupe bench steps --updates 1000",
      "  ./troupe bench env ppo",
      "  ./troupe bench env ppo --python /path/to/venv/bin/python --seeds 3"
    })
final class BenchCommand implements Callable<Integer> {
  /** What can be measured, and what it should come to on two cores. */
  enum What {
    DECODE("2.5 times transformers' tokens/s at 64 sequences, twice at 256"),
    TRAIN("1.2 times transformers' tokens/s"),
    JOURNAL("20 k records/s"),
    LEDGER("20 k trajectories/s, the same cost with 10 and 1,000 nodes, 99% of grants in 5 ms"),
    WEIGHTS("60% of a plain socket, 2 copies sent to 8 receivers, 1 copy more in memory"),
    MESSAGES("none"),
    PLANE("10 k trajectories/s, 99% of pings within 20 ms at half of that, bounded memory"),
    LOOP("828 completions/s; 4 times TRL's"),
    LAG("70% of the time"),
    STEPS("flat, and less than 1 MB a minute"),
    ENV("100 k, 400 k and 1.2 M steps/s with policy and 8, 64 and 512 environments"),
    PPO(
        "475 on CartPole-v1 in 3.1 s of training, 4.9 s with process start: a third and a fifth of"
            + " the fastest peer's; 10 times Stable-Baselines3's steps/s at its settings"),
    ASYNC("whoever is the limit waits for 5% of the time at most; samplers add up until then"),
    VERIFIERS("200 k verdicts/s of exact and gsm8k"),
    NODES("as many as fit");

    private final String target;

    What(String target) {
      this.target = target;
    }
  }

  /** What is measured if nothing is chosen: all but what takes a quarter of an hour alone. */
  private static final List<What> USUAL =
      Stream.of(What.values()).filter(what -> what != What.NODES && what != What.STEPS).toList();

  /** Batches for many producers, and a disk that doesn't fill. */
  private static final List<String> PLANE =
      List.of(
          "replay.groups=256",
          "replay.max-policy-lag=4",
          "replay.journal.retain=since-oldest-checkpoint",
          "reward.queue-max=16384");

  private final Console console;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final Scratch scratch = new Scratch(Path.of("").toAbsolutePath());

  /** Taken once, by what ends the command: its last line, or a signal. */
  private final Semaphore ending = new Semaphore(1);

  @Parameters(
      arity = "0..*",
      paramLabel = "WHAT",
      description =
          "Of decode, train, journal, ledger, weights, messages, plane, loop, lag, steps, env,"
              + " ppo, async, verifiers, nodes; all but steps and nodes if none is given.")
  private List<String> named = List.of();

  @Option(
      names = "--updates",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Updates that steps times: ${DEFAULT-VALUE} unless said otherwise.")
  private long updates;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Seeds that ppo trains with: ${DEFAULT-VALUE} unless said otherwise.")
  private int seeds;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "A Python to compare with: one with transformers; for env and ppo one with gymnasium,"
              + " torch, stable-baselines3 and envpool, as far as there are, for env also mujoco.")
  private @Nullable Path python;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<What> what = named.isEmpty() ? USUAL : named.stream().map(BenchCommand::find).toList();
    if (python != null && !Files.isExecutable(python)) {
      throw new CommandFailure(
          ExitCode.REFUSED, "--python: got [" + python + "], expected a Python that can be run");
    }
    if (seeds < 1) {
      throw new CommandFailure(
          ExitCode.REFUSED, "--seeds: got [" + seeds + "], expected at least 1");
    }
    console.format("%s, %d cores, Java %s", Processor.here().name(), cores, Runtime.version());
    Interrupts.handle(this::stop);
    try {
      double matrixRate =
          what.contains(What.DECODE) || what.contains(What.TRAIN) ? engines().matrices() : 0;
      for (What each : EnumSet.copyOf(what)) {
        announce(each);
        measure(each, matrixRate);
      }
    } finally {
      ending.acquireUninterruptibly();
    }
    return ExitCode.DONE;
  }

  /** Ctrl-C and termination leave nothing behind: no processes, no folders. */
  private void stop() {
    ending.acquireUninterruptibly();
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    scratch.deleteAll();
    ProcessEnd.now(ExitCode.INTERRUPTED);
  }

  private void measure(What what, double matrixRate) throws IOException {
    switch (what) {
      case DECODE -> {
        engines().decode(64, matrixRate);
        engines().decode(256, matrixRate);
      }
      case TRAIN -> engines().train(recipe(List.of()).specification().learner(), matrixRate);
      case JOURNAL -> books().journal();
      case LEDGER -> books().ledger();
      case WEIGHTS -> cluster().weights();
      case MESSAGES -> cluster().messages();
      case PLANE -> cluster().plane(recipe(PLANE).specification());
      case LOOP -> inFolder(this::loop);
      case LAG ->
          inFolder(
              folder ->
                  new LoopBenchmark(console).compare(slowlyJudged(0), slowlyJudged(2), folder));
      case STEPS ->
          inFolder(
              folder ->
                  new StepsBenchmark(console)
                      .run(recipe("steps.conf", List.of("stop.updates=" + updates)), folder));
      case ENV -> {
        Map<String, String> variables =
            EnvironmentArguments.variables(python == null ? null : python.toString());
        EnvironmentTable table = EnvironmentTable.here(console, variables);
        table.measure();
        table.measureSampling(controlPeer());
        ForeignEnvironmentTable.here(console, variables).measure();
      }
      case PPO ->
          inFolder(
              folder -> new ControlBenchmark(console, seeds).run(home(), folder, controlPeer()));
      case ASYNC ->
          inFolder(
              folder ->
                  new AsyncBenchmark(console, List.of(1, 2, 4, 8, 16), 8)
                      .run(changed -> recipe("async.conf", changed), folder));
      case VERIFIERS -> new VerifiersBenchmark(console, System::nanoTime).run();
      case NODES -> cluster().nodes(home().resolve("troupe"));
    }
  }

  private EngineBenchmarks engines() {
    return new EngineBenchmarks(console, System::nanoTime, cores, Optional.ofNullable(python));
  }

  private BooksBenchmarks books() {
    return new BooksBenchmarks(console, System::nanoTime, scratch);
  }

  private ClusterBenchmarks cluster() {
    return new ClusterBenchmarks(console, System::nanoTime, scratch);
  }

  private Optional<ControlPeer> controlPeer() {
    return Optional.ofNullable(python).map(ControlPeer::new);
  }

  private void loop(Path folder) throws IOException {
    Recipe recipe = recipe(List.of());
    // From random weights hardly a group has an advantage, and the learner leaves out their
    // backward
    // pass. Others don't: to compare, a bonus that is as good as none has every sample ask for it.
    Recipe complete = recipe(List.of("learner.entropy-coefficient=1e-9"));
    RunSpecification run = recipe.specification();
    LoopBenchmark loop = new LoopBenchmark(console);
    loop.run("groups without advantage spared", recipe, folder.resolve("spared"));
    double ours = loop.run("every sample's gradient", complete, folder.resolve("complete"));
    engines().besideLoop(ours, run.replay(), run.sampling().newTokensMax());
  }

  private static What find(String name) {
    return Stream.of(What.values())
        .filter(what -> what.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.REFUSED,
                    "bench: got ["
                        + name
                        + "], expected "
                        + Stream.of(What.values())
                            .map(what -> what.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "))));
  }

  /** So that a figure taken beside other work is known as such. */
  private void announce(What what) throws IOException {
    console.format(
        "%-10s target: %s; at its start: %s",
        what.name().toLowerCase(Locale.ROOT), what.target, Conditions.now());
  }

  private static Path home() {
    return Path.of(System.getProperty("troupe.home", ""));
  }

  private interface InFolder {
    void run(Path folder) throws IOException;
  }

  private void inFolder(InFolder work) throws IOException {
    try (Scratch.Folder folder = scratch.folder("bench-loop")) {
      work.run(folder.path());
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
    return recipe("bench.conf", changed);
  }

  private static Recipe recipe(String name, List<String> changed) throws IOException {
    Path file = Files.createTempFile("bench", ".conf");
    try (var source = BenchCommand.class.getResourceAsStream("/dev/troupe/deploy/bench/" + name)) {
      if (source == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      Files.write(file, source.readAllBytes());
      return new RecipeReader(Processor.here())
          .read(file, Stream.concat(Stream.of("name=bench"), changed.stream()).toList());
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
