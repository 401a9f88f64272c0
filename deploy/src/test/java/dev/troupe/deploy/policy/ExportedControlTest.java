package dev.troupe.deploy.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ExportedProgram;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportedControlTest {
  @TempDir Path folder = Path.of("");

  @Test
  void anExportedPolicyPlaysTheSame() throws IOException {
    StoredPolicy stored = stored("environment.id = CartPole-v1, policy.hidden = [8]");
    Path exported = folder.resolve("exported");
    ExportedControl.write(stored, exported);
    StoredPolicy again = StoredPolicy.find(exported, OptionalLong.empty(), List.of());

    assertThat(Episodes.play(again, 3, true, () -> 0))
        .isEqualTo(Episodes.play(stored, 3, true, () -> 0));
    assertThatThrownBy(() -> ExportedControl.write(stored, exported))
        .hasMessageContaining("is not empty");
  }

  @Test
  void theConfigurationSaysWhatAProgramNeeds() throws IOException {
    JsonObject poles =
        config("environment { id = CartPole-v1, options.reset-high = 0.1 }, policy.hidden = [8]");
    assertThat(poles.get("environment").getAsString()).isEqualTo("CartPole-v1");
    assertThat(poles.getAsJsonObject("environment_options").toString())
        .isEqualTo("{\"reset-high\":\"0.1\"}");
    assertThat(poles.get("observation_size").getAsInt()).isEqualTo(4);
    assertThat(poles.get("state_size").getAsInt()).isZero();
    assertThat(poles.getAsJsonObject("actions").toString())
        .isEqualTo("{\"kind\":\"discrete\",\"counts\":[2]}");
    assertThat(poles.getAsJsonArray("parameters").get(0).getAsString()).isEqualTo("actor.0.weight");
    assertThat(poles.get("normalised").getAsBoolean()).isFalse();

    JsonObject pendulum =
        config(
            "environment.id = Pendulum-v1, policy { hidden = [8], recurrence = lstm,"
                + " recurrent-width = 6 }, algorithm.normalize-observations = true");
    assertThat(pendulum.getAsJsonObject("actions").toString())
        .isEqualTo("{\"kind\":\"box\",\"low\":[-2.0],\"high\":[2.0]}");
    assertThat(pendulum.get("state_size").getAsInt()).isEqualTo(12);
    assertThat(pendulum.getAsJsonArray("parameters").asList())
        .extracting(name -> name.getAsString())
        .endsWith("observation.mean", "observation.scale");
  }

  @Test
  void theArchiveHoldsTheTextAndTheTextGivesTheSameProbabilities() throws IOException {
    StoredPolicy stored = stored("environment.id = CartPole-v1, policy.hidden = [8]");
    Path exported = folder.resolve("exported");
    ExportedControl.write(stored, exported);
    String text = Files.readString(exported.resolve("policy.py"));
    try (var archive = new ZipFile(exported.resolve("policy.pt").toFile());
        var code = archive.getInputStream(archive.getEntry("m/code/__torch__.py"))) {
      assertThat(new String(code.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(text)
          .contains("def distribution(", "def values(", "def greedy(");
    }

    ControlNetwork network =
        ControlNetworks.of(stored.recipe().specification().control().orElseThrow());
    try (TorchProgram program =
            TorchProgram.compile(
                "exported", ExportedProgram.sources(network), network.constants(Map.of()));
        PolicySnapshot snapshot = stored.snapshot(network);
        Tensor observations = Tensor.of(new float[] {0.1f, -0.2f, 0.3f, 1, 0, 0, 0, 0}, 2, 4);
        Tensor state = Tensor.of(new float[0], 2, 0);
        Tensor actions = Tensor.of(new long[] {1, 0}, 2, 1)) {
      List<Tensor> w = snapshot.parameters().tensors();
      try (Result distribution = program.run("distribution", observations, state, w);
          Result logp = program.run("log_probabilities", observations, actions, state, w);
          Result values = program.run("values", observations, state, w)) {
        float[] logits = distribution.tensor(0).toFloats();
        double first = Math.log(1 / (1 + Math.exp(logits[0] - logits[1])));
        assertThat(logp.tensor(0).toFloats()[0]).isCloseTo((float) first, within(1e-6f));
        assertThat(values.tensor(0).toFloats()).hasSize(2);
      }
    }
  }

  private JsonObject config(String recipe) throws IOException {
    Path exported = Files.createTempDirectory(folder, "exported");
    ExportedControl.write(stored(recipe), exported);
    return JsonParser.parseString(Files.readString(exported.resolve("config.json")))
        .getAsJsonObject();
  }

  /** With a policy that has learned nothing. */
  private StoredPolicy stored(String text) throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    Path file = Files.writeString(run.resolve("mine.conf"), text + ", stop.steps = 1");
    Recipe recipe = new RecipeReader(new Processor("test", false)).read(file, List.of());
    recipe.writeTo(run);
    ControlNetwork network = ControlNetworks.of(recipe.specification().control().orElseThrow());
    try (Parameters parameters = network.initial(1)) {
      ParameterFiles.write(run.resolve("model.safetensors"), parameters, Map.of(), false);
    }
    return StoredPolicy.find(run, OptionalLong.empty(), List.of());
  }
}
