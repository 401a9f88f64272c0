package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.WrittenSettings;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of commands that name a verifier for a run. */
final class VerifierOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME[@VERSION]",
      description =
          "The verifier; ./troupe reward list has them. Of code of your own the version is yours"
              + " to choose, and outcomes name it.")
  private String name = "";

  @ArgGroup private @Nullable Source source;

  /** Where its settings come from. */
  static final class Source {
    @Option(
        names = "--settings",
        paramLabel = "SETTINGS",
        description =
            "A file with what stands in reward.settings of a recipe, or that itself, like"
                + " 'extract = strict'.")
    private @Nullable String settings;

    @Option(
        names = "--recipe",
        paramLabel = "RECIPE",
        description = "A recipe whose verifier and settings are taken.")
    private @Nullable Path recipe;
  }

  @Mixin private RecipeOptions options = new RecipeOptions();

  boolean isNamed() {
    return !name.isEmpty() || (source != null && source.recipe != null);
  }

  /** As it was typed, with a version. */
  String named() {
    return name.contains("@") ? name : kind() + "@" + version();
  }

  private String kind() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  private String version() {
    int at = name.indexOf('@');
    return at < 0 ? Verifiers.kind(name).version() : name.substring(at + 1);
  }

  /** The verifier, where its settings are said. */
  Optional<VerifierVersion> written() {
    Source said = source;
    if (said == null) {
      return Optional.empty();
    }
    if (said.settings != null) {
      return Optional.of(WrittenSettings.verifier("--settings", kind(), version(), said.settings));
    }
    return Optional.of(ofRecipe(said.recipe == null ? Path.of("") : said.recipe));
  }

  private VerifierVersion ofRecipe(Path recipe) {
    RewardSpecification reward = options.read(recipe).specification().reward();
    if (!name.isEmpty() && !kind().equals(reward.verifier())) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "the recipe's verifier is [" + reward.verifier() + "], got [" + kind() + "]");
    }
    String version = name.contains("@") ? version() : reward.version();
    VerifierRef ref = Verifiers.ref(reward.verifier(), version, reward.settings());
    return new VerifierVersion(ref, reward.settings());
  }

  /** The verifier, with the settings that were said or every default. */
  VerifierVersion whole() {
    return written().orElseGet(() -> WrittenSettings.verifier("NAME", kind(), version(), ""));
  }

  /** The verifier with every default, where it needs no settings. */
  Optional<VerifierVersion> withDefaults() {
    try {
      return Optional.of(whole());
    } catch (BadSettingsException _) {
      return Optional.empty();
    }
  }
}
