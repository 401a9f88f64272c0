package dev.troupe.deploy.policy;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ExportedProgram;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.TorchArchive;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A policy that plays, for PyTorch: {@code model.safetensors}, {@code policy.pt} for {@code
 * torch.jit.load}, its text in {@code policy.py}, and {@code config.json} with the order of the
 * parameters and the sizes; beside them the recipe, so that Troupe can play with it.
 */
public final class ExportedControl {
  private static final String PROGRAM = "policy.pt";
  private static final String TEXT = "policy.py";
  private static final String CONFIG = "config.json";

  private ExportedControl() {}

  /**
   * Writes a policy that plays into {@code folder}, which must be new or empty.
   *
   * @return the files, as written
   */
  public static List<Path> write(StoredPolicy stored, Path folder) throws IOException {
    ControlRun run = stored.recipe().specification().control().orElseThrow();
    ControlNetwork network = ControlNetworks.of(run);
    ExportedFolder.begin(folder);
    try (PolicySnapshot snapshot = stored.snapshot(network)) {
      ParameterFiles.write(
          folder.resolve(ExportedFolder.WEIGHTS),
          snapshot.parameters(),
          Map.of("format", "pt"),
          true);
    }
    TorchArchive program = ExportedProgram.of(network);
    program.writeTo(folder.resolve(PROGRAM));
    Files.writeString(folder.resolve(TEXT), program.text());
    Files.writeString(
        folder.resolve(CONFIG),
        new GsonBuilder()
                .setPrettyPrinting()
                .serializeNulls()
                .create()
                .toJson(config(stored, run, network))
            + "\n");
    stored.recipe().writeTo(folder);
    return Stream.of(ExportedFolder.WEIGHTS, PROGRAM, TEXT, CONFIG, Recipe.FILE_NAME)
        .map(folder::resolve)
        .toList();
  }

  private static JsonObject config(StoredPolicy stored, ControlRun run, ControlNetwork network) {
    JsonObject options = new JsonObject();
    run.environment().options().forEach(options::addProperty);
    JsonObject config = new JsonObject();
    config.addProperty("environment", run.environment().id());
    config.add("environment_options", options);
    config.addProperty("update", stored.update());
    config.addProperty("observation_size", network.shape().observation());
    config.addProperty("state_size", network.state());
    config.add("hidden", array(network.shape().hidden()));
    config.addProperty("recurrence", network.shape().recurrence().name().toLowerCase(Locale.ROOT));
    config.addProperty("normalised", network.shape().normalised());
    Environment environment = EnvironmentSamplers.source(run.environment()).create();
    config.add("actions", actions(environment.actionSpace()));
    environment.close();
    JsonArray parameters = new JsonArray();
    network.names().forEach(parameters::add);
    config.add("parameters", parameters);
    return config;
  }

  private static JsonObject actions(Space space) {
    JsonObject actions = new JsonObject();
    switch (space) {
      case Space.Discrete discrete -> {
        actions.addProperty("kind", "discrete");
        actions.add("counts", array(List.of(discrete.count())));
      }
      case Space.MultiDiscrete many -> {
        actions.addProperty("kind", "multi-discrete");
        actions.add("counts", array(many.counts()));
      }
      case Space.Box box -> {
        actions.addProperty("kind", "box");
        actions.add("low", bounds(box.low()));
        actions.add("high", bounds(box.high()));
      }
    }
    return actions;
  }

  private static JsonArray array(List<Integer> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(array::add);
    return array;
  }

  /** JSON has no infinity: null stands for no bound. */
  private static JsonArray bounds(FloatArray numbers) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < numbers.size(); i++) {
      float bound = numbers.at(i);
      if (Float.isFinite(bound)) {
        array.add(bound);
      } else {
        array.add(JsonNull.INSTANCE);
      }
    }
    return array;
  }
}
