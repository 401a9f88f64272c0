package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a node leave. */
@Command(
    name = "drain",
    header = "Has a node finish what it holds, take no more, and leave its cluster.",
    footer = {
      "%nIts process ends with exit code 0 when it has left. Ctrl-C of the node does the same.",
      "%nExamples:",
      "  ./troupe drain worker-3 --to head-1:7355",
      "  ./troupe drain worker-3 --now               give its work back at once"
    })
final class DrainCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NODE", description = "Name of the node; ./troupe status lists them.")
  private String node = "";

  @Option(names = "--now", description = "Give back what it holds instead of finishing it.")
  private boolean now;

  DrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      console.line(client.drain(node, now));
      return ExitCode.DONE;
    }
  }
}
