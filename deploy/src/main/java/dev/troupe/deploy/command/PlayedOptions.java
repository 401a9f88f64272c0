package dev.troupe.deploy.command;

import dev.troupe.deploy.episode.Player;
import dev.troupe.deploy.episode.PolicyPlayer;
import dev.troupe.deploy.episode.RandomPlayer;
import dev.troupe.deploy.policy.StoredPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which episodes a command shows: a trained policy's, or random ones in an environment. */
final class PlayedOptions {
  @Parameters(
      index = "0",
      paramLabel = "RUN|FOLDER|ID|CLASS",
      description =
          "A run directory or a folder that export made; or an environment's id or class, where"
              + " actions are random.")
  private String what = "";

  @Option(
      names = "--checkpoint",
      paramLabel = "STEP",
      description = "Which kept checkpoint of the run; the newest if not given.")
  private @Nullable Long update;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the run's recipe, like environment.options.g=5; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--sampled",
      description = "Draw actions as in training instead of taking the likeliest.")
  private boolean sampled;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the first episode, the others have those after it; if not given, the episodes"
              + " of eval.")
  private @Nullable Long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Steps after which an episode is left; ${DEFAULT-VALUE} if not given.")
  private int steps;

  @Mixin private EnvironmentArguments environment = new EnvironmentArguments();

  /**
   * Who plays.
   *
   * @param title which policy in which environment
   */
  record Played(Player player, String title) {}

  int steps() {
    return steps;
  }

  Played open() throws IOException {
    CommandFailure.checkAtLeast("--steps", 1, steps);
    if (seed != null && seed < 0) {
      throw new CommandFailure(ExitCode.REFUSED, "--seed: got [" + seed + "], expected at least 0");
    }
    Path folder = folder();
    return Files.isDirectory(folder) ? policy(folder) : random();
  }

  private Path folder() {
    Path run = RunDirectories.isName(what) ? RunDirectories.named(what) : Path.of(what);
    return Files.isDirectory(run) ? run : Path.of(what);
  }

  private Played policy(Path folder) throws IOException {
    environment.refuse(
        "--set environment.options.KEY=VALUE, TROUPE_CLASSPATH and TROUPE_PYTHON do that");
    OptionalLong which = update == null ? OptionalLong.empty() : OptionalLong.of(update);
    StoredPolicy stored = StoredPolicy.find(folder, which, overrides);
    String id =
        stored
            .recipe()
            .specification()
            .control()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.REFUSED,
                        stored.source()
                            + " is a language model and plays no episodes: ./troupe sample shows"
                            + " what it answers"))
            .environment()
            .id();
    OptionalLong first = seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    return new Played(
        new PolicyPlayer(stored, !sampled, first, System::nanoTime), id + ", " + stored.source());
  }

  private Played random() {
    if (update != null || !overrides.isEmpty() || sampled) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "there is no folder ["
              + what
              + "]: --checkpoint, --set and --sampled are for runs and exported policies");
    }
    return new Played(
        new RandomPlayer(environment.find(what), seed == null ? 0 : seed, System::nanoTime),
        what + ", random actions");
  }
}
