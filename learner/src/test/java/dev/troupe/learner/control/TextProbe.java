package dev.troupe.learner.control;

import com.google.gson.JsonElement;
import dev.troupe.learner.Oracle;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Calls single functions of the learner's texts with float64 tensors. */
final class TextProbe implements AutoCloseable {
  private final TorchProgram program;

  /**
   * @param method a class Program with a method {@code probe} that returns a list of tensors
   */
  TextProbe(String method, Map<String, Object> constants, List<ProgramSource> sources) {
    List<ProgramSource> all = new ArrayList<>(sources);
    all.add(new ProgramSource("probe.py", method));
    program = TorchProgram.compile("probe", all, constants);
  }

  static List<ProgramSource> texts(String... names) {
    return Arrays.stream(names).map(ControlProgram::text).toList();
  }

  /** What {@code probe} returns, row-major. */
  List<double[]> run(Object... arguments) {
    List<double[]> values = new ArrayList<>();
    try (Result result = program.run("probe", arguments)) {
      for (Tensor each : result.tensors(0)) {
        values.add(each.toDoubles());
        each.close();
      }
    } finally {
      for (Object argument : arguments) {
        if (argument instanceof Tensor tensor) {
          tensor.close();
        }
      }
    }
    return values;
  }

  /** Takes rows into statistics; mean, variance and count afterwards. */
  List<double[]> observed(RunningStatistics seen, JsonElement rows) {
    try (Tensor batch = tensor(rows)) {
      program.run("probe", seen.mean(), seen.variance(), seen.count(), batch).close();
    }
    return seen.tensors().stream().map(Tensor::toDoubles).toList();
  }

  /** Takes rewards [T, N] into statistics of returns; calls {@code probe_returns}. */
  void returns(
      RunningStatistics seen, double[] rewards, double[] begins, double[] start, double discount) {
    int lanes = start.length;
    int steps = rewards.length / lanes;
    try (Tensor r = Tensor.of(rewards, steps, lanes);
        Tensor b = Tensor.of(begins, steps, lanes);
        Tensor s = Tensor.of(start, lanes)) {
      program
          .run("probe_returns", seen.mean(), seen.variance(), seen.count(), r, b, s, discount)
          .close();
    }
  }

  /** A float64 tensor of an oracle's numbers or truth values, in the shape that they have. */
  static Tensor tensor(JsonElement numbers) {
    List<Long> shape = new ArrayList<>();
    JsonElement at = numbers;
    while (at.isJsonArray()) {
      shape.add((long) at.getAsJsonArray().size());
      at = at.getAsJsonArray().get(0);
    }
    double[] values = at.getAsJsonPrimitive().isBoolean() ? flags(numbers) : Oracle.flat(numbers);
    return Tensor.of(values, shape.stream().mapToLong(Long::longValue).toArray());
  }

  private static double[] flags(JsonElement element) {
    List<Double> values = new ArrayList<>();
    collect(element, values);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(JsonElement element, List<Double> values) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> collect(each, values));
    } else {
      values.add(element.getAsBoolean() ? 1.0 : 0.0);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
