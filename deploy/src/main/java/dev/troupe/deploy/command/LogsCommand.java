package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.logs.LogLines;
import dev.troupe.deploy.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a node logged. */
@Command(
    name = "logs",
    header = "Shows the last lines of a node's log.",
    footer = {
      "%nExamples:",
      "  ./troupe logs worker-3 --to head-1:7355",
      "  ./troupe logs head-1 --lines 1000 --json    one JSON object a line, as it is written"
    })
final class LogsCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NODE", description = "Name of the node; ./troupe status lists them.")
  private String node = "";

  @Option(names = "--lines", paramLabel = "N", description = "How many; 200 if not given.")
  private int lines = 200;

  @Option(names = "--json", description = "As they are in the file.")
  private boolean json;

  LogsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      client
          .log(node, lines)
          .lines()
          .map(line -> json ? line : LogLines.readable(line))
          .forEach(console::line);
      return ExitCode.DONE;
    }
  }
}
