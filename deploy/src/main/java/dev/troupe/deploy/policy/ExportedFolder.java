package dev.troupe.deploy.policy;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.model.network.HuggingFaceConfig;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A policy in Hugging Face's layout: {@code config.json}, {@code model.safetensors}, {@code
 * tokenizer.json}, {@code tokenizer_config.json}; beside them the recipe, so that Troupe can go on
 * with it.
 */
public final class ExportedFolder {
  /** Name of the weights. */
  static final String WEIGHTS = "model.safetensors";

  private ExportedFolder() {}

  /**
   * Writes {@code policy} into {@code folder}, which must be new or empty.
   *
   * @return the files, as written
   */
  public static List<Path> write(TrainedPolicy policy, Path folder) throws IOException {
    begin(folder);
    Tokenizer tokenizer = policy.tokenizer();
    ParameterFiles.write(
        folder.resolve(WEIGHTS), policy.snapshot().parameters(), Map.of("format", "pt"), true);
    Files.writeString(
        folder.resolve("config.json"),
        HuggingFaceConfig.write(
            policy.network().shape(), tokenizer.pad(), tokenizer.begin(), tokenizer.end()));
    TokenizerFiles.write(folder, policy.recipe().specification().model().tokenizer());
    policy.recipe().writeTo(folder);
    return Stream.of(
            WEIGHTS, "config.json", "tokenizer.json", "tokenizer_config.json", Recipe.FILE_NAME)
        .map(folder::resolve)
        .toList();
  }

  /** Makes {@code folder}, unless it is there and empty. */
  static void begin(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new StoredPolicy.NoPolicyException(
          "[" + folder + "] is a file; export into a new folder");
    }
    Files.createDirectories(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new StoredPolicy.NoPolicyException(
            "[" + folder + "] is not empty; export into a new folder");
      }
    }
  }
}
