package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.StoredPolicy;
import dev.troupe.deploy.policy.TrainedPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of commands that use a trained policy. */
final class PolicyOptions {
  @Parameters(
      index = "0",
      paramLabel = "RUN|FOLDER",
      description = "A run directory, or a folder that export made.")
  private Path folder = Path.of("");

  @Option(
      names = "--checkpoint",
      paramLabel = "STEP",
      description =
          "Which kept checkpoint of the run (step, supervised ones included); the newest if not"
              + " given.")
  private @Nullable Long update;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, like sampling.temperature=0.5; repeatable.")
  private List<String> overrides = new ArrayList<>();

  TrainedPolicy load() throws IOException {
    return TrainedPolicy.load(folder, which(), overrides);
  }

  /** The weights, whatever they are of. */
  StoredPolicy find() {
    return StoredPolicy.find(folder, which(), overrides);
  }

  private OptionalLong which() {
    return update == null ? OptionalLong.empty() : OptionalLong.of(update);
  }
}
