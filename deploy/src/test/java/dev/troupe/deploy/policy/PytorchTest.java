package dev.troupe.deploy.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.model.network.ActingProgram;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.fragment.FragmentSampler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Python's PyTorch makes of exported policies, against what Troupe played with them. The
 * fixtures are recorded with {@code -Dtroupe.pytorch.record=PYTHON}, which has torch and
 * safetensors.
 */
final class PytorchTest {
  private static final int STEPS = 8;
  private static final int LANES = 3;

  /** A played fragment and, in the fixture, what PyTorch said of it. */
  private record Fragment(
      int steps,
      int lanes,
      List<Float> observations,
      List<Float> actions,
      List<Float> logProbs,
      List<Float> greedy,
      String pytorch) {
    Fragment {
      observations = List.copyOf(observations);
      actions = List.copyOf(actions);
      logProbs = List.copyOf(logProbs);
      greedy = List.copyOf(greedy);
    }
  }

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "plain, CartPole-v1, none, 0, false",
    "normalised, Pendulum-v1, none, 0, true",
    "recurrent, CartPole-v1, gru, 5, false",
    "recurrent-normalised, Pendulum-v1, lstm, 4, true"
  })
  void sayTheSame(String name, String id, String recurrence, int width, boolean normalised)
      throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path file =
        Files.writeString(
            run.resolve("mine.conf"),
            """
            environment.id = %s
            policy { hidden = [8, 8], recurrence = %s, recurrent-width = %d }
            algorithm.normalize-observations = %s
            stop.steps = 1
            """
                .formatted(id, recurrence, width, normalised));
    Recipe recipe = new RecipeReader(new Processor("test", false)).read(file, List.of());
    recipe.writeTo(run);
    ControlRun control = recipe.specification().control().orElseThrow();
    ControlNetwork network = ControlNetworks.of(control);
    try (Parameters parameters = learned(network)) {
      ParameterFiles.write(run.resolve("model.safetensors"), parameters, Map.of(), false);
    }
    StoredPolicy stored = StoredPolicy.find(run, OptionalLong.empty(), List.of());
    Path exported = folder.resolve("exported");
    ExportedControl.write(stored, exported);
    try (PolicySnapshot policy = stored.snapshot(network)) {
      Fragment played = play(control, network, policy);
      record(name, exported, played);

      Fragment python = read(name);
      assertThat(played.observations()).isEqualTo(python.observations());
      assertThat(played.actions()).isEqualTo(python.actions());
      assertThat(python.logProbs()).hasSize(STEPS * LANES);
      for (int row = 0; row < STEPS * LANES; row++) {
        assertThat(played.logProbs().get(row))
            .as("log-probability %d", row)
            .isCloseTo(python.logProbs().get(row), within(2e-6f));
      }
      List<Float> greedy = greedy(network, policy, python);
      assertThat(greedy).hasSameSizeAs(python.greedy());
      for (int i = 0; i < greedy.size(); i++) {
        assertThat(greedy.get(i))
            .as("greedy %d", i)
            .isCloseTo(python.greedy().get(i), within(2e-6f));
      }
    }
  }

  /** As if training had moved every number, the statistics of observations among them. */
  private static Parameters learned(ControlNetwork network) {
    try (Parameters initial = network.initial(1)) {
      List<Tensor> tensors = new ArrayList<>();
      for (int i = 0; i < initial.tensors().size(); i++) {
        Tensor tensor = initial.tensors().get(i);
        float[] numbers = tensor.toFloats();
        for (int k = 0; k < numbers.length; k++) {
          numbers[k] = 1.1f * numbers[k] + 0.1f * (float) Math.sin(1 + i + 3 * k);
        }
        tensors.add(Tensor.of(numbers, tensor.shape()));
      }
      return new Parameters(initial.names(), tensors);
    }
  }

  private static Fragment play(ControlRun run, ControlNetwork network, PolicySnapshot policy) {
    var vector =
        new VectorEnvironment(
            EnvironmentSamplers.source(run.environment()), LANES, AutoresetMode.SAME_STEP, () -> 0);
    try (var sampler = new FragmentSampler(network, vector, STEPS, 0.99, 7, 11)) {
      sampler.use(policy);
      sampler.begin(0);
      EnvironmentFragment played = sampler.advance(STEPS).orElseThrow();
      assertThat(played.episodeReturns().elements()).as("episodes that ended").isZero();
      return new Fragment(
          STEPS,
          LANES,
          list(played.observations().toFloats()),
          numbers(played.actions()),
          list(played.logProbs().toFloats()),
          List.of(),
          "");
    }
  }

  private static List<Float> numbers(TensorData actions) {
    return actions.dtype() == DType.F32
        ? list(actions.toFloats())
        : Arrays.stream(actions.toInts()).mapToObj(choice -> (float) choice).toList();
  }

  private static List<Float> list(float[] numbers) {
    return IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList();
  }

  private static List<Float> greedy(
      ControlNetwork network, PolicySnapshot policy, Fragment python) {
    int row = LANES * policyInputs(python);
    float[] state = new float[LANES * network.state()];
    List<Float> greedy = new ArrayList<>();
    try (var program = new ActingProgram(network)) {
      for (int step = 0; step < STEPS; step++) {
        float[] seen = new float[row];
        for (int i = 0; i < row; i++) {
          seen[i] = python.observations().get(step * row + i);
        }
        try (Tensor observations = Tensor.of(seen, LANES, row / LANES);
            Tensor before = Tensor.of(state, LANES, network.state());
            Result best = program.greedy(observations, before, policy.parameters())) {
          greedy.addAll(list(best.tensor(0).toFloats()));
          state = best.tensor(1).toFloats();
        }
      }
    }
    return greedy;
  }

  private static int policyInputs(Fragment python) {
    return python.observations().size() / STEPS / LANES;
  }

  private static Fragment read(String name) throws IOException {
    try (InputStream fixture = PytorchTest.class.getResourceAsStream("pytorch-" + name + ".json")) {
      byte[] text = Objects.requireNonNull(fixture, name).readAllBytes();
      return new Gson().fromJson(new String(text, StandardCharsets.UTF_8), Fragment.class);
    }
  }

  private void record(String name, Path exported, Fragment played) throws Exception {
    String python = System.getProperty("troupe.pytorch.record", "");
    if (python.isEmpty()) {
      return;
    }
    Path sources = Path.of("src/test/resources/dev/troupe/deploy/policy").toAbsolutePath();
    Path fragment = folder.resolve("fragment.json");
    Files.writeString(fragment, new Gson().toJson(played));
    Path fixture = sources.resolve("pytorch-" + name + ".json");
    int status =
        new ProcessBuilder(
                python,
                sources.resolve("pytorch_probe.py").toString(),
                exported.toString(),
                fragment.toString(),
                fixture.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).isZero();
    Files.copy(
        fixture,
        Path.of(Objects.requireNonNull(PytorchTest.class.getResource(".")).toURI())
            .resolve(fixture.getFileName()),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
