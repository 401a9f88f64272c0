package dev.troupe.deploy.command;

import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a verifier judge beside the one in force. */
@Command(
    name = "shadow",
    header = "Has a verifier judge beside the one in force, for comparison.",
    footer = {
      "%nNothing is trained on what it says and nothing waits for it. Without a verifier: how the"
          + " one",
      "does that judges beside; the live page and /metrics show it, too.",
      "%nExamples:",
      "  ./troupe reward shadow python@2 --settings better.conf --run runs/sums",
      "  ./troupe reward shadow --run runs/sums                how it does",
      "  ./troupe reward shadow --off --run sums --to head-1:7355"
    })
final class RewardShadowCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private VerifierOptions verifier = new VerifierOptions();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The run: a directory, or a name on a cluster.")
  private String run = "";

  @Option(names = "--off", description = "Judge beside no more.")
  private boolean off;

  RewardShadowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (off && verifier.isNamed()) {
      throw new CommandFailure(ExitCode.REFUSED, "name a verifier, or say --off");
    }
    try (ReachedRun reached = ReachedRuns.reach(console, cluster, run)) {
      if (off) {
        console.line(reached.reward(new RewardOrder.NoShadow()));
        new ShadowWatch(console, reached).print();
      } else if (verifier.isNamed()) {
        console.line(reached.reward(new RewardOrder.Shadow(verifier.whole())));
      } else {
        new ShadowWatch(console, reached).print();
      }
      return ExitCode.DONE;
    }
  }
}
