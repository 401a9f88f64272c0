package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.ExportedFolder;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes a policy for other software. */
@Command(
    name = "export",
    header = "Writes a policy in Hugging Face's layout, for transformers and others.",
    footer = {
      "%nExamples:",
      "  ./troupe export runs/sums exported/sums",
      "  ./troupe export runs/sums exported/early --checkpoint 450",
      "%nThen, in Python: AutoModelForCausalLM.from_pretrained(\"exported/sums\")"
    })
final class ExportCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private PolicyOptions options = new PolicyOptions();

  @Parameters(index = "1", paramLabel = "DIR", description = "A new folder.")
  private Path target = Path.of("");

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (TrainedPolicy policy = options.load()) {
      for (Path file : ExportedFolder.write(policy, target)) {
        console.format(
            "%10s  %s", Figures.bytes(Files.size(file)), EndReport.here(file.toAbsolutePath()));
      }
    }
    return ExitCode.DONE;
  }
}
