package dev.troupe.learner.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The optimizer's program against torch.optim, step by step, in float64. */
class AdamTracesTest {
  private static final double RATE = 0.01;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  @Test
  void sixStepsOfAdamMatch() {
    sixSteps("adam_eps1e-5", 1e-5, 0);
  }

  @Test
  void sixStepsOfAdamWMatch() {
    sixSteps("adamw_wd0.1", 1e-8, 0.1);
  }

  private static void sixSteps(String name, double epsilon, double decay) {
    JsonObject oracle = Oracle.read("optimizers.json");
    JsonArray gradients = oracle.getAsJsonArray("grads");
    JsonArray expected = oracle.getAsJsonObject("weights_after_each_step").getAsJsonArray(name);
    double[] first = Oracle.vector(oracle.get("w0"));
    try (TorchProgram program = compile();
        Tensor weights = Tensor.of(first);
        Tensor mean = Tensor.of(new double[first.length]);
        Tensor square = Tensor.of(new double[first.length])) {
      for (int step = 0; step < 6; step++) {
        try (Tensor gradient = Tensor.of(Oracle.vector(gradients.get(step)));
            Tensor count = Tensor.of(new float[] {step + 1});
            Result result =
                run(program, weights, gradient, mean, square, count, epsilon, decay, 0)) {
          assertThat(result.truth(1)).isTrue();
        }
        assertClose(weights.toDoubles(), Oracle.vector(expected.get(step)));
      }
    }
  }

  @Test
  void gradientsAreClippedByTheNormOfAllOfThem() {
    JsonObject oracle = Oracle.read("optimizers.json").getAsJsonObject("clip_grad_norm_0.5");
    double[] all = Oracle.flat(oracle.get("grads_in"));
    try (TorchProgram program = compile();
        Tensor weights = Tensor.of(new double[all.length]);
        Tensor mean = Tensor.of(new double[all.length]);
        Tensor square = Tensor.of(new double[all.length]);
        Tensor gradient = Tensor.of(all);
        Tensor count = Tensor.of(new float[] {1});
        Result result = run(program, weights, gradient, mean, square, count, 1e-8, 0, 0.5)) {
      assertThat(result.number(0)).isCloseTo(oracle.get("norm").getAsDouble(), within(1e-12));
      assertClose(gradient.toDoubles(), Oracle.flat(oracle.get("grads_out")));
    }
  }

  private static TorchProgram compile() {
    return TorchProgram.compile(
        "adamw", List.of(ProgramSource.resource(LearningRate.class, "adamw.py")), Map.of());
  }

  private static Result run(
      TorchProgram program,
      Tensor weights,
      Tensor gradient,
      Tensor mean,
      Tensor square,
      Tensor count,
      double epsilon,
      double decay,
      double clip) {
    return program.run(
        "adamw",
        List.of(weights),
        List.of(gradient),
        List.of(mean),
        List.of(square),
        List.of(count),
        RATE,
        BETA1,
        BETA2,
        epsilon,
        decay,
        clip);
  }

  private static void assertClose(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("[%d]", i).isCloseTo(expected[i], within(1e-12));
    }
  }
}
