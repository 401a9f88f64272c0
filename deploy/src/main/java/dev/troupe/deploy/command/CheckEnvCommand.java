package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.check.CheckReport;
import dev.troupe.rollout.environment.check.EnvironmentChecker;
import dev.troupe.rollout.environment.check.EnvironmentChecker.Settings;
import dev.troupe.rollout.environment.check.Finding;
import dev.troupe.rollout.environment.gymnasium.GymnasiumEnvironments;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays an environment in search of mistakes. */
@Command(
    name = "check-env",
    header = "Plays an environment and says which of the usual mistakes it has.",
    footer = {
      "%nWithout a name it lists the environments that there are.",
      "%nExamples:",
      "  ./troupe check-env CartPole-v1",
      "  ./troupe check-env FrozenLake-v1 --option is-slippery=false --option one-hot=true",
      "  ./troupe check-env my.envs.Corridor --classpath my-env.jar",
      "  ./troupe check-env gym:LunarLander-v3 --python /path/to/venv"
    })
final class CheckEnvCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID|CLASS",
      description = "Id of an environment, or full name of a class that implements Environment.")
  private @Nullable String name;

  @Mixin private EnvironmentArguments environment = new EnvironmentArguments();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the first episode (0).")
  private long seed = Settings.STANDARD.seed();

  @Option(names = "--steps", paramLabel = "N", description = "Steps of each play (2000).")
  private int steps = Settings.STANDARD.steps();

  @Option(
      names = "--limit-seconds",
      paramLabel = "N",
      description = "After how long a call counts as hanging (10).")
  private int limitSeconds = Math.toIntExact(Settings.STANDARD.limit().toSeconds());

  CheckEnvCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (name == null) {
      list();
      return ExitCode.DONE;
    }
    if (seed < 0 || steps < 1 || limitSeconds < 1) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "--seed must be at least 0, --steps and --limit-seconds at least 1, got ["
              + seed
              + "], ["
              + steps
              + "] and ["
              + limitSeconds
              + "]");
    }
    Settings settings = new Settings(seed, steps, Duration.ofSeconds(limitSeconds));
    EnvironmentChecker checker =
        new EnvironmentChecker(Thread.ofPlatform().daemon().name("check-env").factory());
    CheckReport report = checker.check(environment.find(name), settings);
    show(report);
    return report.isGood() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void list() {
    for (EnvironmentKind kind : environment.environments().kinds()) {
      String limit = kind.timeLimit() == 0 ? "" : ", at most " + kind.timeLimit() + " steps";
      console.format("%-26s %s%s", kind.id(), kind.about(), limit);
    }
  }

  private void show(CheckReport report) {
    console.line(console.bold(report.environment()));
    console.format("observations  %s", report.observations());
    console.format("actions       %s", report.actions());
    console.line("");
    for (Finding finding : report.findings()) {
      String mark =
          switch (finding.verdict()) {
            case GOOD -> console.good("ok  ");
            case NOTE -> console.warning("note");
            case BAD -> console.bad("BAD ");
            case SKIPPED -> console.faint("-   ");
          };
      console.format("%s  %s", mark, finding.rule().words());
      if (!finding.found().isEmpty()) {
        console.format("      %s", finding.found());
        String remedy =
            report.environment().startsWith(GymnasiumEnvironments.PREFIX)
                ? finding.rule().remedyInPython()
                : finding.rule().remedy();
        if (!remedy.isEmpty()) {
          console.format("      %s", console.bold(remedy));
        }
      }
    }
    console.line("");
    console.line(
        report.isGood()
            ? "This environment can be trained on."
            : "Mend what is BAD before you train on it; what has a dash wasn't looked at.");
  }
}
