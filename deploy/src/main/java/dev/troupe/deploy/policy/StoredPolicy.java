package dev.troupe.deploy.policy;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Weights on disk, with the recipe that they were trained by.
 *
 * @param source in words: which checkpoint of which run
 * @param weights their file
 * @param update that made them; 0 where nobody knows
 */
public record StoredPolicy(String source, Recipe recipe, Path weights, long update) {
  private static final String WEIGHTS = "weights.safetensors";

  /** Why there is no policy to load; the message is for people. */
  public static final class NoPolicyException extends RuntimeException {
    NoPolicyException(String message) {
      super(message);
    }
  }

  /**
   * The weights of a run directory, or of a folder that {@code export} made.
   *
   * @param update of the checkpoint; the newest one if empty
   * @param options {@code key=value} overrides of the recipe
   */
  public static StoredPolicy find(Path folder, OptionalLong update, List<String> options) {
    RunDirectory run = new RunDirectory(folder);
    if (!Files.exists(run.recipe())) {
      throw new NoPolicyException(
          "["
              + folder
              + "] is neither a run directory nor an exported policy: it has no "
              + Recipe.FILE_NAME);
    }
    Recipe recipe = new RecipeReader(Processor.here()).readRun(folder, options);
    if (Files.exists(folder.resolve(ExportedFolder.WEIGHTS))) {
      if (update.isPresent()) {
        throw new NoPolicyException(
            "["
                + folder
                + "] is an exported policy, which has no checkpoints: leave out --checkpoint ["
                + update.getAsLong()
                + "]");
      }
      return new StoredPolicy(
          "exported policy " + folder, recipe, folder.resolve(ExportedFolder.WEIGHTS), 0);
    }
    CheckpointStore store = new CheckpointStore(run.checkpoints(), CheckpointHooks.NONE);
    Checkpoint checkpoint = store.open(choose(store, update, folder));
    long made = checkpoint.ref().update();
    return new StoredPolicy(
        "step " + made + " of " + folder, recipe, checkpoint.file(WEIGHTS), made);
  }

  private static CheckpointRef choose(CheckpointStore store, OptionalLong update, Path folder) {
    List<CheckpointRef> all = store.list();
    if (all.isEmpty()) {
      throw new NoPolicyException("the run in [" + folder + "] has no checkpoint yet");
    }
    if (update.isEmpty()) {
      return all.getLast();
    }
    Optional<CheckpointRef> chosen =
        all.reversed().stream().filter(ref -> ref.update() == update.getAsLong()).findFirst();
    return chosen.orElseThrow(
        () ->
            new NoPolicyException(
                "the run in ["
                    + folder
                    + "] keeps no checkpoint of step ["
                    + update.getAsLong()
                    + "], only of "
                    + all.stream()
                        .map(ref -> Long.toString(ref.update()))
                        .collect(Collectors.joining(", "))));
  }

  /** Whether it plays in environments. */
  public boolean plays() {
    return recipe.specification().control().isPresent();
  }

  /**
   * Its weights, as those of {@code network}; the caller closes them.
   *
   * @throws NoPolicyException if they don't fit it
   */
  public PolicySnapshot snapshot(ControlNetwork network) throws IOException {
    try (TensorFile file = TensorFile.open(weights)) {
      return PolicySnapshot.of(1, update, ParameterFiles.read(file, network.layout(), Set.of()));
    } catch (IllegalArgumentException e) {
      throw new NoPolicyException(
          "weights [" + weights + "] do not fit the network: " + e.getMessage());
    }
  }
}
