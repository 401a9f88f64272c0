package dev.troupe.deploy.command;

import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves a run's books. */
@Command(
    name = "audit",
    header = "Proves from the files that every trajectory of a run is accounted for.",
    footer = {
      "%nReads the journal from its beginning, makes two independent accounts of it and compares",
      "them with each other and with the checkpoints on disk. Exit code 1 where a promise is"
          + " broken.",
      "%nExamples:",
      "  ./troupe audit runs/sums",
      "  ./troupe audit runs/sums --details           batches, journal, drops by difficulty"
    })
final class AuditCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private Path run = Path.of("");

  @Option(names = "--details", description = "Show what the verdict stands on, too.")
  private boolean details;

  AuditCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    RunDirectory directory = RunDirectories.of(run);
    RunSpecification specification = RecipeOptions.readUnchanged(directory.root()).specification();
    CheckpointStore checkpoints =
        new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE);
    Audit.Report report =
        Audit.of(
            directory.journal(),
            directory.epochs(),
            LedgerRules.of(specification),
            checkpoints.list());
    report.verdict().forEach(console::line);
    if (details) {
      report.details().forEach(console::line);
    } else {
      console.line(
          "  (batches, journal"
              + (report.drops().isEmpty() ? "" : ", what was dropped by difficulty and length")
              + " and notes: --details)");
    }
    return report.holds() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
