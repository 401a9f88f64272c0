package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.ExportedControl;
import dev.troupe.deploy.policy.ExportedFolder;
import dev.troupe.deploy.policy.StoredPolicy;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes a policy for other software. */
@Command(
    name = "export",
    header =
        "Writes a policy for other software: a language model in Hugging Face's layout, one that"
            + " plays as safetensors with its program for PyTorch.",
    footer = {
      "%nExamples:",
      "  ./troupe export runs/sums exported/sums",
      "  ./troupe export runs/sums exported/early --checkpoint 450",
      "  ./troupe export runs/cartpole exported/cartpole",
      "%nThen, in Python: AutoModelForCausalLM.from_pretrained(\"exported/sums\"), or",
      "torch.jit.load(\"exported/cartpole/policy.pt\"), see docs/environments.md."
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
    StoredPolicy stored = options.find();
    if (stored.plays()) {
      show(ExportedControl.write(stored, target));
      return ExitCode.DONE;
    }
    try (TrainedPolicy policy = options.load()) {
      show(ExportedFolder.write(policy, target));
    }
    return ExitCode.DONE;
  }

  private void show(List<Path> files) throws IOException {
    for (Path file : files) {
      console.format(
          "%10s  %s", Figures.bytes(Files.size(file)), EndReport.here(file.toAbsolutePath()));
    }
  }
}
