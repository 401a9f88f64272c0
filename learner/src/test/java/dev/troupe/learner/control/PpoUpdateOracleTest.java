package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.MlpNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole updates against those of PyTorch, in float64 and float32. */
final class PpoUpdateOracleTest {
  private static final int ROWS = 16;

  @Test
  void weightsAfterTwoPassesAreThoseOfTheReference() {
    for (JsonElement element : Oracle.read("control/ppo_update.json").getAsJsonArray("cases")) {
      JsonObject oracle = element.getAsJsonObject();
      check(oracle, 1, "after_1_step", "log_1");
      check(oracle, 4, "after_4_steps", "log_4");
    }
  }

  private static void check(JsonObject oracle, int steps, String after, String log) {
    boolean discrete = oracle.get("kind").getAsString().equals("discrete");
    boolean wide = oracle.get("dtype").getAsString().equals("float64");
    String what = oracle.get("kind") + " " + oracle.get("dtype") + " " + after;
    double tolerance = wide ? 1e-12 : 2e-6;
    Controls controls = new Controls();
    controls.valueClip = 0.2;
    controls.learningRate = oracle.getAsJsonObject("hyper").get("lr").getAsDouble();
    ControlNetwork network =
        new MlpNetwork(
            ControlShape.plain(
                4,
                List.of(8),
                discrete
                    ? new ActionDistribution.Categorical(2)
                    : new ActionDistribution.Normal(2)));
    Tensors t = new Tensors(wide ? DType.F64 : DType.F32);
    List<Tensor> flat = List.of(t.floats(flat(network, oracle.getAsJsonObject("params0"))));
    int size = Math.toIntExact(flat.getFirst().shape()[0]);
    List<Tensor> mean = List.of(t.floats(new double[size]));
    List<Tensor> square = List.of(t.floats(new double[size]));
    List<Tensor> count = List.of(Tensor.of(new float[] {0}));
    double[] actions = Oracle.flat(oracle.get("actions"));
    double[][] minibatches = Oracle.matrix(oracle.get("minibatches"));
    long[] order =
        Arrays.stream(minibatches, 0, steps)
            .flatMapToDouble(Arrays::stream)
            .mapToLong(d -> (long) d)
            .toArray();
    long[] bounds = new long[steps + 1];
    Arrays.setAll(bounds, i -> 8L * i);
    try (TorchProgram program = ControlProgram.compile(controls.build(), network);
        Result result =
            program.run(
                "optimise",
                flat,
                mean,
                square,
                count,
                List.of(),
                t.floats(Oracle.flat(oracle.get("obs")), 1, ROWS, 4),
                t.floats(new double[ROWS], 1, ROWS),
                t.floats(new double[0], ROWS, 0),
                discrete
                    ? Tensor.of(
                        Arrays.stream(actions).mapToLong(d -> (long) d).toArray(), 1, ROWS, 1)
                    : t.floats(actions, 1, ROWS, 2),
                t.row(oracle, "old_log_prob"),
                t.row(oracle, "old_log_prob"),
                t.row(oracle, "old_values"),
                t.row(oracle, "advantages"),
                t.row(oracle, "returns"),
                t.floats(filled(1), 1, ROWS),
                Tensor.of(order),
                bounds,
                controls.learningRate);
        Tensor figures = result.tensor()) {
      double[] expected = flat(network, oracle.getAsJsonObject(after));
      double[] got = flat.getFirst().toDoubles();
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i])
            .as("%s weight %d", what, i)
            .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
      }
      double[] sums = figures.toDoubles();
      assertThat(sums[0]).isEqualTo(steps);
      double slack = wide ? 1e-11 : 1e-5;
      assertThat(sums[2]).as(what).isCloseTo(sum(oracle, log, "loss"), within(slack));
      assertThat(sums[3]).as(what).isCloseTo(sum(oracle, log, "pg_loss"), within(slack));
      assertThat(sums[4]).as(what).isCloseTo(sum(oracle, log, "value_loss"), within(slack));
      assertThat(sums[5]).as(what).isCloseTo(sum(oracle, log, "entropy"), within(slack));
      assertThat(sums[6]).as(what).isCloseTo(sum(oracle, log, "clip_fraction"), within(slack));
      assertThat(sums[8]).as(what).isCloseTo(sum(oracle, log, "approx_kl_k3"), within(slack));
      assertThat(sums[9])
          .as(what)
          .isCloseTo(sum(oracle, log, "grad_norm_before_clip"), within(slack));
    }
  }

  private static double sum(JsonObject oracle, String log, String figure) {
    double sum = 0;
    for (JsonElement step : oracle.getAsJsonArray(log)) {
      sum += step.getAsJsonObject().get(figure).getAsDouble();
    }
    return sum;
  }

  private static double[] filled(double value) {
    double[] values = new double[ROWS];
    Arrays.fill(values, value);
    return values;
  }

  /** The oracle's parameters in the network's order. */
  private static double[] flat(ControlNetwork network, JsonObject parameters) {
    List<double[]> parts = new ArrayList<>();
    for (ParameterShape each : network.trained()) {
      String name = each.name().equals("actor.log-std") ? "log_std" : each.name();
      parts.add(Oracle.flat(parameters.get(name)));
    }
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** Makes tensors of one float type. They are small and are left to the end of the process. */
  private record Tensors(DType dtype) {
    Tensor floats(double[] values, long... shape) {
      long[] extents = shape.length == 0 ? new long[] {values.length} : shape;
      return Tensor.of(values, extents).to(dtype);
    }

    Tensor row(JsonObject oracle, String name) {
      return floats(Oracle.flat(oracle.get(name)), 1, ROWS);
    }
  }
}
