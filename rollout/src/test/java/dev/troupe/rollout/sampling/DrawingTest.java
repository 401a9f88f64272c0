package dev.troupe.rollout.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DrawingTest {
  private static final String PROGRAM_TEXT =
      """
      class Program(Module):
          def cut(self, logits: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
              return cut(logits, temperature, top_k, top_p)

          def draw(self, log_probs: Tensor, uniforms: Tensor) -> Tensor:
              return draw(log_probs, uniforms)
      """;

  private static final TorchProgram PROGRAM =
      TorchProgram.compile(
          "drawing-test",
          List.of(
              ProgramSource.resource(DrawingTest.class, "drawing.py"),
              new ProgramSource("test.py", PROGRAM_TEXT)),
          Map.of());

  @AfterAll
  static void close() {
    PROGRAM.close();
  }

  static Stream<JsonObject> processorCases() throws Exception {
    try (InputStream in =
        Objects.requireNonNull(DrawingTest.class.getResourceAsStream("/oracles/processors.json"))) {
      JsonArray cases =
          JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
              .getAsJsonObject()
              .getAsJsonArray("cases");
      return cases.asList().stream().map(JsonElement::getAsJsonObject);
    }
  }

  @ParameterizedTest
  @MethodSource("processorCases")
  void cutsLikeTransformers(JsonObject oracle) {
    JsonObject settings = oracle.getAsJsonObject("settings");
    float[] logits = floats(oracle.getAsJsonArray("logits"));
    float[] expected = floats(oracle.getAsJsonArray("probs"));
    double temperature =
        settings.has("temperature") ? settings.get("temperature").getAsDouble() : 1;
    long topK = settings.has("top_k") ? settings.get("top_k").getAsLong() : 0;
    double topP = settings.has("top_p") ? settings.get("top_p").getAsDouble() : 1;
    float[] actual = cut(logits, temperature, topK, topP);
    for (int v = 0; v < expected.length; v++) {
      assertThat(Math.exp(actual[v]))
          .as("%s, id %s", oracle, v)
          .isCloseTo(expected[v], within(1e-6));
    }
    List<Integer> kept =
        oracle.getAsJsonArray("kept").asList().stream().map(JsonElement::getAsInt).toList();
    assertThat(
            IntStream.range(0, actual.length)
                .filter(v -> actual[v] > Float.NEGATIVE_INFINITY)
                .boxed()
                .toList())
        .as("%s", oracle)
        .isEqualTo(kept);
  }

  @Test
  void drawsTheTokenAtWhichCumulatedProbabilitiesExceedTheUniform() {
    float[] logProbs = logs(0.25, 0, 0.5, 0.25);
    assertThat(draw(logProbs, 0, 0.2499, 0.2501, 0.5, 0.7499, 0.7501, 0.9999))
        .containsExactly(0, 0, 2, 2, 2, 3, 3);
  }

  @Test
  void neverDrawsATokenOfProbabilityZeroEvenAtTheLastUniform() {
    double last = Math.nextDown(1.0);
    assertThat(draw(logs(0.5, 0.5, 0, 0), last)).containsExactly(1);
    assertThat(draw(logs(0, 1), 0)).containsExactly(1);
  }

  @Test
  void drawsTokensThatFloatUniformsWouldNeverReach() {
    // The last token has probability 1e-9, which no float32 between 0 and 1 − 2^-24 reaches.
    assertThat(draw(logs(1 - 1e-9, 1e-9), 1 - 1e-10)).containsExactly(1);
    assertThat(draw(logs(1 - 1e-9, 1e-9), 1 - 1e-8)).containsExactly(0);
  }

  private static float[] logs(double... probabilities) {
    float[] logs = new float[probabilities.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(probabilities[i]);
    }
    return logs;
  }

  private static float[] cut(float[] logits, double temperature, long topK, double topP) {
    try (Tensor tensor = Tensor.of(logits, 1, logits.length);
        Result result = PROGRAM.run("cut", tensor, temperature, topK, topP);
        Tensor cut = result.tensor()) {
      return cut.toFloats();
    }
  }

  private static long[] draw(float[] logProbs, double... uniforms) {
    try (Tensor law = Tensor.of(logProbs, 1, logProbs.length);
        Tensor thresholds = Tensor.of(uniforms, uniforms.length, 1);
        Result result = PROGRAM.run("draw", law, thresholds);
        Tensor drawn = result.tensor()) {
      return drawn.toLongs();
    }
  }

  private static float[] floats(JsonArray array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(array.get(i).getAsString());
    }
    return values;
  }
}
