package dev.troupe.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.learner.update.OptimizerStep;
import dev.troupe.learner.update.Trainer;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;
import dev.troupe.protocol.tensor.IntArray;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training of small Llama models against the same steps in transformers and torch. */
class TrainingOracleTest {
  private static final double RATE = 1e-3;

  @ParameterizedTest
  @ValueSource(strings = {"llama_gqa_tied", "llama_untied_theta"})
  void lossGradientsAndOneAdamWStepMatch(String model) {
    JsonObject oracle = Oracle.read("training/" + model + ".json").getAsJsonObject("training");
    OptimizerSpecification optimizer = optimizer(0);
    try (Trainer trainer = trainer(model, new Specifications())) {
      OptimizerStep step = trainer.supervisedStep(rows(oracle), RATE, optimizer);
      assertThat(step.loss()).isCloseTo(oracle.get("loss").getAsDouble(), within(1e-4));
      double norm = oracle.get("total_grad_norm").getAsDouble();
      assertThat(step.gradientNorm()).isCloseTo(norm, within(1e-4 * norm));
      try (Parameters means = trainer.means()) {
        for (var expected : oracle.getAsJsonObject("grad_norm").entrySet()) {
          double found = norm(means.get(expected.getKey()).toDoubles()) / (1 - optimizer.beta1());
          double wanted = expected.getValue().getAsDouble();
          assertThat(found).as(expected.getKey()).isCloseTo(wanted, within(1e-4 * wanted));
        }
        compare(oracle.getAsJsonArray("grad_rows"), means, 1 / (1 - optimizer.beta1()), 2e-4);
      }
      JsonObject after = oracle.getAsJsonObject("adamw");
      try (Parameters weights = trainer.weights();
          Parameters initial = initial(model)) {
        compareFirstStep(oracle.getAsJsonArray("grad_rows"), initial, weights);
      }
      double next = trainer.supervisedStep(rows(oracle), RATE, optimizer).loss();
      assertThat(next)
          .isCloseTo(
              after.get("loss_after_1_step").getAsDouble(), within(1e-4 * Math.max(1, next)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama_gqa_tied", "llama_untied_theta"})
  void threeClippedStepsMatch(String model) {
    JsonObject oracle = Oracle.read("training/" + model + ".json").getAsJsonObject("training");
    JsonObject expected = oracle.getAsJsonObject("adamw_3_steps_clipped");
    double[] losses = Oracle.vector(expected.get("loss_before_each_step"));
    double[] norms = Oracle.vector(expected.get("norm_before_clipping"));
    try (Trainer trainer = trainer(model, new Specifications())) {
      for (int i = 0; i < 3; i++) {
        OptimizerStep step = trainer.supervisedStep(rows(oracle), RATE, optimizer(1));
        assertThat(step.loss()).isCloseTo(losses[i], within(2e-4 * losses[i]));
        assertThat(step.gradientNorm()).isCloseTo(norms[i], within(1e-3 * norms[i]));
      }
      try (Parameters weights = trainer.weights();
          Parameters means = trainer.means()) {
        compareMoved(expected.getAsJsonArray("after_3_steps"), weights, means);
      }
      assertThat(trainer.supervisedStep(rows(oracle), RATE, optimizer(1)).loss())
          .isCloseTo(expected.get("loss_after").getAsDouble(), within(1e-3));
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    JsonObject oracle = Oracle.read("training/llama_gqa_tied.json").getAsJsonObject("training");
    Specifications specifications = new Specifications();
    specifications.compute = Compute.BFLOAT16;
    try (Trainer trainer = trainer("llama_gqa_tied", specifications)) {
      OptimizerStep step = trainer.supervisedStep(rows(oracle), RATE, optimizer(0));
      double loss = oracle.get("loss").getAsDouble();
      double norm = oracle.get("total_grad_norm").getAsDouble();
      assertThat(step.loss()).isCloseTo(loss, within(0.02 * loss));
      assertThat(step.gradientNorm()).isCloseTo(norm, within(0.03 * norm));
    }
  }

  private static OptimizerSpecification optimizer(double clip) {
    return new OptimizerSpecification(RATE, 0.9, 0.95, 1e-8, 0.1, 0, Schedule.CONSTANT, 0, clip);
  }

  private static Trainer trainer(String model, Specifications specifications) {
    specifications.microBatch = 2;
    try (Parameters initial = initial(model)) {
      return new Trainer(
          network(model),
          initial,
          specifications.learner(),
          PolicyLoss.source(specifications.learner(), Path::of),
          1,
          "cpu",
          2,
          TorchRuntime.threads("oracle"));
    }
  }

  private static Parameters initial(String model) {
    return InitialWeights.load(file(model).toString(), Path::of, network(model));
  }

  private static DecoderNetwork network(String model) {
    JsonObject config = Oracle.read("training/" + model + ".json").getAsJsonObject("config");
    JsonObject rope =
        config.has("rope_parameters") ? config.getAsJsonObject("rope_parameters") : config;
    return new DecoderNetwork(
        new DecoderShape(
            config.get("vocab_size").getAsInt(),
            config.get("hidden_size").getAsInt(),
            config.get("num_hidden_layers").getAsInt(),
            config.get("num_attention_heads").getAsInt(),
            config.get("num_key_value_heads").getAsInt(),
            config.get("head_dim").getAsInt(),
            config.get("intermediate_size").getAsInt(),
            config.get("max_position_embeddings").getAsInt(),
            rope.get("rope_theta").getAsDouble(),
            config.get("rms_norm_eps").getAsDouble(),
            config.get("tie_word_embeddings").getAsBoolean(),
            0.02));
  }

  private static Path file(String model) {
    String resource = "/oracles/training/" + model + ".safetensors";
    try {
      return Path.of(
          Objects.requireNonNull(TrainingOracleTest.class.getResource(resource)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<TrainingSequence> rows(JsonObject oracle) {
    double[][] ids = Oracle.matrix(oracle.get("input_ids"));
    double[][] labels = Oracle.matrix(oracle.get("labels"));
    List<TrainingSequence> rows = new ArrayList<>();
    for (int b = 0; b < ids.length; b++) {
      List<Integer> prompt = new ArrayList<>();
      List<Integer> completion = new ArrayList<>();
      for (int t = 0; t < ids[b].length; t++) {
        if (labels[b][t] >= 0) {
          completion.add((int) labels[b][t]);
        } else if (completion.isEmpty()) {
          prompt.add((int) ids[b][t]);
        }
      }
      rows.add(TrainingSequence.supervised(ints(prompt), ints(completion)));
    }
    return rows;
  }

  private static IntArray ints(List<Integer> values) {
    return IntArray.of(values.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void compare(JsonArray rows, Parameters found, double scale, double tolerance) {
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      double[] expected = Oracle.vector(row.get("values"));
      double[] all = found.get(row.get("name").getAsString()).toDoubles();
      int from = row.get("row").isJsonNull() ? 0 : row.get("row").getAsInt() * expected.length;
      for (int i = 0; i < expected.length; i++) {
        assertThat(all[from + i] * scale)
            .as("%s [%d]", row.get("name"), i)
            .isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  /** Where the gradient is tiny, Adam's step is close to the rate times its sign: not compared. */
  private static void compareMoved(JsonArray rows, Parameters weights, Parameters means) {
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      String name = row.get("name").getAsString();
      double[] expected = Oracle.vector(row.get("values"));
      double[] all = weights.get(name).toDoubles();
      double[] moments = means.get(name).toDoubles();
      int from = row.get("row").isJsonNull() ? 0 : row.get("row").getAsInt() * expected.length;
      for (int i = 0; i < expected.length; i++) {
        if (Math.abs(moments[from + i]) > 2e-5) {
          assertThat(all[from + i]).as("%s [%d]", name, i).isCloseTo(expected[i], within(1e-5));
        }
      }
    }
  }

  /**
   * w₁ = w₀ (1 − ηλ) − η g / (|g| + ε) from the recorded gradients. (The weights that the reference
   * file gives after one step are those after three clipped ones, compared below.)
   */
  private static void compareFirstStep(JsonArray rows, Parameters initial, Parameters weights) {
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      String name = row.get("name").getAsString();
      double[] gradient = Oracle.vector(row.get("values"));
      double[] before = initial.get(name).toDoubles();
      double[] after = weights.get(name).toDoubles();
      int from = row.get("row").isJsonNull() ? 0 : row.get("row").getAsInt() * gradient.length;
      for (int i = 0; i < gradient.length; i++) {
        double g = gradient[i];
        if (Math.abs(g) > 1e-4) {
          double expected = before[from + i] * (1 - RATE * 0.1) - RATE * g / (Math.abs(g) + 1e-8);
          assertThat(after[from + i]).as("%s [%d]", name, i).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double each : values) {
      sum += each * each;
    }
    return Math.sqrt(sum);
  }
}
