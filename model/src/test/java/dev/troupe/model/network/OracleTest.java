package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny Llama models against numbers that transformers computed. */
final class OracleTest {
  private static final Path ORACLES = Path.of("src/test/resources/oracles");
  private static final String PROGRAM =
      """
      class Program(Module):
          def logits(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
              return torch.linear(hidden_states(tokens, w), head_weight(w))

          def policy(
              self, tokens: Tensor, rows: Tensor, temperature: float, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, List[Tensor]]:
              logp, entropy, tape = policy_forward(tokens, rows, temperature, w)
              n = -1.0 / rows.size(0)
              return (
                  logp,
                  entropy,
                  policy_backward(torch.full_like(logp, n), torch.zeros_like(logp), tape, w),
              )

          def new_state(self, w: List[Tensor]) -> Tuple[List[Tensor], List[Tensor], List[Tensor]]:
              m = annotate(List[Tensor], [])
              v = annotate(List[Tensor], [])
              steps = annotate(List[Tensor], [])
              for p in w:
                  m.append(torch.zeros_like(p))
                  v.append(torch.zeros_like(p))
                  steps.append(torch.zeros([], dtype=torch.float32))
              return (m, v, steps)

          def adamw(
              self, w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor],
              clip: float, lr: float, b1: float, b2: float, decay: float, eps: float,
          ) -> float:
              norm = torch.linalg_vector_norm(torch.stack([torch.linalg_vector_norm(d) for d in g]))
              scale = torch.clamp_max(torch.reciprocal(norm + 1e-6) * clip, 1.0)
              for i in range(len(w)):
                  g[i].mul_(scale)
                  steps[i].add_(1)
              torch._fused_adamw_(
                  w, g, m, v, [], steps,
                  lr=lr, beta1=b1, beta2=b2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False,
              )
              return float(norm)

          def greedy(self, tokens: Tensor, lengths: Tensor, steps: int, w: List[Tensor]) -> Tensor:
              lanes = tokens.size(0)
              fused, packed = prepare(w)
              cache = new_cache(lanes, POSITIONS, fused, packed)
              logits = prefill(tokens, lengths, torch.arange(lanes), cache, fused, packed)
              out = annotate(List[Tensor], [])
              for i in range(steps):
                  t = torch.argmax(logits, -1)
                  out.append(t)
                  logits = decode_step(t, lengths + i, cache, fused, packed)
              return torch.stack(out, 1)
      """;

  /** A model with what its oracle says. */
  private record Fixture(
      DecoderNetwork network, Parameters weights, JsonObject oracle, TorchProgram program)
      implements AutoCloseable {
    static Fixture open(String model) throws IOException {
      return open(model, Map.of());
    }

    /** With {@code changed} constants of the program. */
    static Fixture open(String model, Map<String, Object> changed) throws IOException {
      Path folder = ORACLES.resolve(model);
      DecoderNetwork network =
          new DecoderNetwork(HuggingFaceConfig.read(folder.resolve("config.json")));
      List<ProgramSource> sources = new ArrayList<>(network.sources());
      sources.add(new ProgramSource("oracle.py", PROGRAM));
      Map<String, Object> constants = new HashMap<>(network.constants(Map.of()));
      constants.putAll(changed);
      return new Fixture(
          network,
          network.load(folder),
          new Gson().fromJson(Files.readString(folder.resolve("oracle.json")), JsonObject.class),
          TorchProgram.compile(model, sources, constants));
    }

    @Override
    public void close() {
      weights.close();
      program.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_gqa_tied",
        "llama_untied_theta",
        "llama_smol_shape",
        "llama_bf16",
        "llama_sharded",
        "llama_bias",
        "llama_rope_llama3"
      })
  void logitsLogProbabilitiesAndEntropiesAgree(String model) throws IOException {
    try (Fixture fixture = Fixture.open(model)) {
      JsonObject padded = fixture.oracle().getAsJsonObject("right_padded");
      long[][] ids = matrix(padded.get("input_ids"));
      int width = ids[0].length;
      int vocabulary = fixture.network().shape().vocabulary();
      try (Tensor tokens = tensor(ids);
          Result result = fixture.program().run("logits", tokens, fixture.weights().tensors());
          Tensor tensor = result.tensor()) {
        float[] logits = tensor.toFloats();
        for (JsonElement element : padded.getAsJsonArray("logit_rows")) {
          JsonObject row = element.getAsJsonObject();
          int from = (row.get("b").getAsInt() * width + row.get("t").getAsInt()) * vocabulary;
          close(Arrays.copyOfRange(logits, from, from + vocabulary), row.get("logits"), 1e-4);
        }
      }
      JsonArray expected = padded.getAsJsonArray("next_token_logprob");
      JsonArray entropies = padded.getAsJsonArray("entropy");
      List<Long> rows = new ArrayList<>();
      for (int b = 0; b < ids.length; b++) {
        for (int t = 0; t + 1 < width; t++) {
          if (!expected.get(b).getAsJsonArray().get(t).isJsonNull()) {
            rows.add((long) b * width + t);
          }
        }
      }
      try (Tensor tokens = tensor(ids);
          Tensor wanted = Tensor.of(rows.stream().mapToLong(Long::longValue).toArray());
          Result result =
              fixture.program().run("policy", tokens, wanted, 1.0, fixture.weights().tensors());
          Tensor logp = result.tensor(0);
          Tensor entropy = result.tensor(1)) {
        for (int i = 0; i < rows.size(); i++) {
          int b = (int) (rows.get(i) / width);
          int t = (int) (rows.get(i) % width);
          assertThat((double) logp.toFloats()[i])
              .isCloseTo(expected.get(b).getAsJsonArray().get(t).getAsDouble(), within(1e-4));
          assertThat((double) entropy.toFloats()[i])
              .isCloseTo(entropies.get(b).getAsJsonArray().get(t).getAsDouble(), within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_gqa_tied",
        "llama_untied_theta",
        "llama_smol_shape",
        "llama_bf16",
        "llama_sharded",
        "llama_bias",
        "llama_rope_llama3"
      })
  void continuationsAtTwoTemperaturesAgree(String model) throws IOException {
    try (Fixture fixture = Fixture.open(model)) {
      for (JsonElement element : fixture.oracle().getAsJsonArray("continuations")) {
        JsonObject each = element.getAsJsonObject();
        long[] prompt = longs(each.get("prompt"));
        long[] continuation = longs(each.get("continuation"));
        long[] all = Arrays.copyOf(prompt, prompt.length + continuation.length);
        System.arraycopy(continuation, 0, all, prompt.length, continuation.length);
        long[] rows = new long[continuation.length];
        Arrays.setAll(rows, i -> prompt.length - 1L + i);
        for (double temperature : new double[] {1, 0.7}) {
          try (Tensor tokens = tensor(new long[][] {all});
              Tensor wanted = Tensor.of(rows, rows.length);
              Result result =
                  fixture
                      .program()
                      .run("policy", tokens, wanted, temperature, fixture.weights().tensors());
              Tensor logp = result.tensor(0)) {
            close(
                logp.toFloats(),
                each.get(temperature == 1 ? "logprobs" : "logprobs_temperature_0.7"),
                1.5e-4);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_gqa_tied",
        "llama_untied_theta",
        "llama_smol_shape",
        "llama_bf16",
        "llama_sharded",
        "llama_bias",
        "llama_rope_llama3"
      })
  void lossGradientsAndOneStepOfAdamWAgree(String model) throws IOException {
    try (Fixture fixture = Fixture.open(model)) {
      JsonObject training = fixture.oracle().getAsJsonObject("training");
      long[][] ids = matrix(training.get("input_ids"));
      Parameters weights = fixture.weights();
      try (Tensor tokens = tensor(ids);
          Tensor wanted = scoredRows(training)) {
        List<Tensor> gradients;
        try (Result result =
            fixture.program().run("policy", tokens, wanted, 1.0, weights.tensors())) {
          assertThat(loss(result)).isCloseTo(training.get("loss").getAsDouble(), within(1e-4));
          gradients = result.tensors(2);
        }
        JsonObject norms = training.getAsJsonObject("grad_norm");
        for (int i = 0; i < gradients.size(); i++) {
          double expected = norms.get(weights.names().get(i)).getAsDouble();
          assertThat(norm(gradients.get(i)))
              .as(weights.names().get(i))
              .isCloseTo(expected, within(1e-4 * expected + 1e-7));
        }
        for (JsonElement element : training.getAsJsonArray("grad_rows")) {
          JsonObject row = element.getAsJsonObject();
          int index = weights.names().indexOf(row.get("name").getAsString());
          close(row(gradients.get(index), row), row.get("values"), 1e-4);
        }
        assertStep(fixture, training, tokens, wanted, gradients);
        gradients.forEach(Tensor::close);
      }
    }
  }

  /**
   * One step without clipping: the weights by the formula of Adam's first step, the loss by the
   * oracle. (The oracle's {@code after_1_step} rows are those after three clipped steps, which
   * {@link #threeClippedStepsOfAdamWAgree} meets.)
   */
  private static void assertStep(
      Fixture fixture, JsonObject training, Tensor tokens, Tensor rows, List<Tensor> gradients) {
    JsonObject adamw = training.getAsJsonObject("adamw");
    double rate = adamw.get("lr").getAsDouble();
    double decay = adamw.get("weight_decay").getAsDouble();
    Parameters weights = fixture.weights();
    List<float[]> before = weights.tensors().stream().map(Tensor::toFloats).toList();
    List<float[]> slopes = gradients.stream().map(Tensor::toFloats).toList();
    try (State state = State.of(fixture)) {
      step(fixture, adamw, gradients, state, 1e9);
    }
    for (int i = 0; i < before.size(); i++) {
      float[] after = weights.tensors().get(i).toFloats();
      for (int j = 0; j < after.length; j++) {
        double slope = slopes.get(i)[j];
        double expected =
            before.get(i)[j] * (1 - rate * decay) - rate * slope / (Math.abs(slope) + 1e-8);
        assertThat((double) after[j]).isCloseTo(expected, within(1e-5));
      }
    }
    try (Result result = fixture.program().run("policy", tokens, rows, 1.0, weights.tensors())) {
      double expected = adamw.get("loss_after_1_step").getAsDouble();
      assertThat(loss(result)).isCloseTo(expected, within(1e-4));
      result.tensors(2).forEach(Tensor::close);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_gqa_tied",
        "llama_untied_theta",
        "llama_smol_shape",
        "llama_bf16",
        "llama_sharded",
        "llama_bias",
        "llama_rope_llama3"
      })
  void threeClippedStepsOfAdamWAgree(String model) throws IOException {
    try (Fixture fixture = Fixture.open(model);
        State state = State.of(fixture)) {
      JsonObject training = fixture.oracle().getAsJsonObject("training");
      JsonObject clipped = training.getAsJsonObject("adamw_3_steps_clipped");
      long[][] ids = matrix(training.get("input_ids"));
      double clip = clipped.get("clip_norm").getAsDouble();
      double[] losses = doubles(clipped.get("loss_before_each_step"));
      double[] norms = doubles(clipped.get("norm_before_clipping"));
      Parameters weights = fixture.weights();
      try (Tensor tokens = tensor(ids);
          Tensor rows = scoredRows(training)) {
        for (int step = 0; step < 3; step++) {
          try (Result result =
              fixture.program().run("policy", tokens, rows, 1.0, weights.tensors())) {
            assertThat(loss(result)).isCloseTo(losses[step], within(2e-4));
            List<Tensor> gradients = result.tensors(2);
            double norm = step(fixture, training.getAsJsonObject("adamw"), gradients, state, clip);
            assertThat(norm).isCloseTo(norms[step], within(1e-4 * norms[step]));
            gradients.forEach(Tensor::close);
          }
        }
        try (Result result =
            fixture.program().run("policy", tokens, rows, 1.0, weights.tensors())) {
          double expected = clipped.get("loss_after").getAsDouble();
          assertThat(loss(result)).isCloseTo(expected, within(2e-4));
          result.tensors(2).forEach(Tensor::close);
        }
      }
      assertRows(training, clipped.getAsJsonArray("after_3_steps"), weights);
    }
  }

  /** Where a gradient is next to nothing, three steps of Adam may land anywhere within 3 lr. */
  private static void assertRows(JsonObject training, JsonArray after, Parameters weights) {
    JsonArray gradientRows = training.getAsJsonArray("grad_rows");
    for (int r = 0; r < after.size(); r++) {
      JsonObject row = after.get(r).getAsJsonObject();
      float[] actual = row(weights.get(row.get("name").getAsString()), row);
      double[] expected = doubles(row.get("values"));
      double[] slopes = doubles(gradientRows.get(r).getAsJsonObject().get("values"));
      for (int i = 0; i < expected.length; i++) {
        double tolerance = Math.abs(slopes[i]) > 1e-2 ? 2e-5 : 6.1e-3;
        assertThat((double) actual[i])
            .as(row.get("name").getAsString())
            .isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  /** Adam's moments and step counts. */
  private record State(List<Tensor> m, List<Tensor> v, List<Tensor> steps)
      implements AutoCloseable {
    static State of(Fixture fixture) {
      try (Result result = fixture.program().run("new_state", fixture.weights().tensors())) {
        return new State(result.tensors(0), result.tensors(1), result.tensors(2));
      }
    }

    @Override
    public void close() {
      m.forEach(Tensor::close);
      v.forEach(Tensor::close);
      steps.forEach(Tensor::close);
    }
  }

  /** One optimizer step; returns the gradients' norm before clipping. */
  private static double step(
      Fixture fixture, JsonObject adamw, List<Tensor> gradients, State state, double clip) {
    try (Result result =
        fixture
            .program()
            .run(
                "adamw",
                fixture.weights().tensors(),
                gradients,
                state.m(),
                state.v(),
                state.steps(),
                clip,
                adamw.get("lr").getAsDouble(),
                adamw.get("beta1").getAsDouble(),
                adamw.get("beta2").getAsDouble(),
                adamw.get("weight_decay").getAsDouble(),
                adamw.get("eps").getAsDouble())) {
      return result.number(0);
    }
  }

  private static Tensor scoredRows(JsonObject training) {
    long[][] labels = matrix(training.get("labels"));
    List<Long> rows = new ArrayList<>();
    for (int b = 0; b < labels.length; b++) {
      for (int t = 0; t + 1 < labels[b].length; t++) {
        if (labels[b][t + 1] != -100) {
          rows.add((long) b * labels[b].length + t);
        }
      }
    }
    assertThat(rows).hasSize(training.get("scored_tokens").getAsInt());
    return Tensor.of(rows.stream().mapToLong(Long::longValue).toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_gqa_tied",
        "llama_untied_theta",
        "llama_smol_shape",
        "llama_bf16",
        "llama_sharded",
        "llama_bias",
        "llama_rope_llama3"
      })
  void greedyTokensAgree(String model) throws IOException {
    greedyTokensAgree(Fixture.open(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama_gqa_tied", "llama_bias"})
  void greedyTokensAgreeWithoutTheKernelsOfX86(String model) throws IOException {
    greedyTokensAgree(Fixture.open(model, Map.of("ONEDNN", false)));
  }

  private static void greedyTokensAgree(Fixture opened) {
    try (Fixture fixture = opened) {
      JsonObject greedy = fixture.oracle().getAsJsonObject("greedy");
      long[][] left = matrix(greedy.get("input_ids"));
      long[][] mask = matrix(greedy.get("attention_mask"));
      long[][] right = new long[left.length][left[0].length];
      long[] lengths = new long[left.length];
      for (int b = 0; b < left.length; b++) {
        lengths[b] = Arrays.stream(mask[b]).sum();
        System.arraycopy(left[b], left[b].length - (int) lengths[b], right[b], 0, (int) lengths[b]);
      }
      long steps = greedy.get("max_new_tokens").getAsLong();
      try (Tensor tokens = tensor(right);
          Tensor length = Tensor.of(lengths);
          Result result =
              fixture.program().run("greedy", tokens, length, steps, fixture.weights().tensors());
          Tensor chosen = result.tensor()) {
        long[][] expected = matrix(greedy.get("new_tokens"));
        long[] flat = Arrays.stream(expected).flatMapToLong(Arrays::stream).toArray();
        assertThat(chosen.toLongs()).containsExactly(flat);
      }
    }
  }

  /** A chat, from the ids of its prompt to those of the answer, the token that ends it included. */
  @Test
  void answersOfAChatAgree() throws IOException {
    try (Fixture fixture = Fixture.open("chat_llama")) {
      JsonArray cases = fixture.oracle().getAsJsonArray("cases");
      assertThat(cases).hasSize(10);
      for (JsonElement element : cases) {
        JsonObject each = element.getAsJsonObject();
        long[] prompt = longs(each.get("prompt_ids"));
        long[] answer = longs(each.get("new_ids"));
        long[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, all, prompt.length, answer.length);
        long[] places = new long[answer.length];
        Arrays.setAll(places, i -> prompt.length - 1L + i);
        try (Tensor tokens = tensor(new long[][] {prompt});
            Tensor length = Tensor.of(new long[] {prompt.length}, 1);
            Result greedy =
                fixture
                    .program()
                    .run(
                        "greedy",
                        tokens,
                        length,
                        (long) answer.length,
                        fixture.weights().tensors());
            Tensor chosen = greedy.tensor();
            Tensor whole = tensor(new long[][] {all});
            Tensor rows = Tensor.of(places, places.length);
            Result result =
                fixture.program().run("policy", whole, rows, 1.0, fixture.weights().tensors());
            Tensor logp = result.tensor(0)) {
          assertThat(chosen.toLongs()).containsExactly(answer);
          close(logp.toFloats(), each.get("logprobs"), 2e-4);
          result.tensors(2).forEach(Tensor::close);
        }
      }
    }
  }

  private static double loss(Result result) {
    try (Tensor logp = result.tensor(0)) {
      double sum = 0;
      for (float each : logp.toFloats()) {
        sum -= each;
      }
      return sum / logp.toFloats().length;
    }
  }

  private static float[] row(Tensor tensor, JsonObject row) {
    float[] values = tensor.toFloats();
    if (row.get("row").isJsonNull()) {
      return values;
    }
    int width = (int) tensor.shape()[1];
    int from = row.get("row").getAsInt() * width;
    return Arrays.copyOfRange(values, from, from + width);
  }

  private static double norm(Tensor tensor) {
    double sum = 0;
    for (float each : tensor.toFloats()) {
      sum += (double) each * each;
    }
    return Math.sqrt(sum);
  }

  private static void close(float[] actual, JsonElement expected, double tolerance) {
    double[] values = doubles(expected);
    assertThat(actual).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) actual[i]).isCloseTo(values[i], within(tolerance));
    }
  }

  private static Tensor tensor(long[][] ids) {
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    return Tensor.of(flat, ids.length, ids[0].length);
  }

  private static long[][] matrix(JsonElement rows) {
    long[][] matrix = new long[rows.getAsJsonArray().size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = longs(rows.getAsJsonArray().get(i));
    }
    return matrix;
  }

  private static long[] longs(JsonElement values) {
    return values.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray();
  }

  private static double[] doubles(JsonElement values) {
    return values.getAsJsonArray().asList().stream()
        .mapToDouble(JsonElement::getAsDouble)
        .toArray();
  }
}
