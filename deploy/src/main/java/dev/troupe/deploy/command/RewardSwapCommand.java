package dev.troupe.deploy.command;

import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has another verifier judge in a run that goes on. */
@Command(
    name = "swap",
    header = "Has another verifier judge in a run that goes on.",
    footer = {
      "%nGroups that begin from then on are judged by it; those that have begun keep theirs. The",
      "run's journal remembers it, so a resumed run goes on with it. Code that settings name goes",
      "along. RUN is the directory of a train process, or a run of a cluster. Where the recipe has",
      "reward.trial, it first judges beside the verifier in force; exit code 1 if it isn't taken.",
      "%nExamples:",
      "  ./troupe reward swap python@2 --settings better.conf --run runs/sums",
      "  ./troupe reward swap python@2 --settings 'file = better.py' --run runs/sums",
      "  ./troupe reward swap python@2 --recipe better-recipe.conf --run sums --to head-1:7355",
      "  ./troupe reward swap python@1 --run runs/sums         one that the run had before",
      "  ./troupe reward swap --back --run runs/sums           the one before"
    })
final class RewardSwapCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private VerifierOptions verifier = new VerifierOptions();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The run: a directory, or a name on a cluster.")
  private String run = "";

  @Option(names = "--back", description = "To the verifier that was in force before.")
  private boolean back;

  @Option(
      names = "--no-trial",
      description = "Take it at once, even where the recipe has reward.trial.")
  private boolean noTrial;

  RewardSwapCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (back == verifier.isNamed()) {
      throw new CommandFailure(
          ExitCode.REFUSED, "name a verifier (NAME@VERSION), or --back for the one before");
    }
    RewardOrder order = back ? new RewardOrder.Back() : order();
    try (ReachedRun reached = ReachedRuns.reach(console, cluster, run)) {
      console.line(reached.reward(order));
      return new ShadowWatch(console, reached).awaitTrial();
    }
  }

  /** Without settings, one that the run had counts first, then one with every default. */
  private RewardOrder order() {
    return verifier
        .written()
        .<RewardOrder>map(written -> new RewardOrder.Swap(written, !noTrial))
        .orElseGet(() -> new RewardOrder.SwapTo(verifier.named(), verifier.withDefaults()));
  }
}
