package dev.troupe.learner.control;

import dev.troupe.learner.LearnerMetrics;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a {@link ControlLearner} computes: calls of the program on its state. */
final class ControlTrainer implements AutoCloseable {
  /** Of a clip, KL or norm that binds nothing. */
  private static final double BOUNDLESS = 1e30;

  /** Steps and rate of the fit that the sampling error takes. */
  private static final int FIT_STEPS = 50;

  private static final double FIT_RATE = 0.2;

  private static final long FIT_ROWS = 2048;

  private final ControlSpecification control;
  private final ControlNetwork network;
  private final long seed;
  private final TorchProgram program;
  private final Experiences experiences;

  ControlTrainer(ControlSpecification control, ControlNetwork network, long seed) {
    this.control = control;
    this.network = network;
    this.seed = seed;
    this.program = ControlProgram.compile(control, network);
    this.experiences = new Experiences(network, program);
  }

  Experiences experiences() {
    return experiences;
  }

  /** Initial weights end to end. */
  Tensor initial() {
    try (Parameters first = network.initialTrained(seed);
        Result result = program.run("join", first.tensors())) {
      return result.tensor();
    }
  }

  /** Weights and statistics as named tensors: a copy. */
  Parameters parameters(ControlState state, Tensor flat) {
    try (Tensor copy = flat.copy();
        Result result = program.run("split", copy)) {
      List<Tensor> all = new ArrayList<>(result.tensors(0));
      all.addAll(statistics(state));
      return new Parameters(network.names(), all);
    }
  }

  private List<Tensor> statistics(ControlState state) {
    return network.shape().normalised() ? state.observations().forPolicy() : List.of();
  }

  /** Takes raw observations and rewards into the running statistics. */
  void observe(ControlState state, List<Experience> fragments) {
    for (Experience each : fragments) {
      if (network.shape().normalised()) {
        List<Tensor> to = state.observations().tensors();
        program
            .run("observe_observations", to.get(0), to.get(1), to.get(2), each.tensors())
            .close();
      }
      if (control.normalisation().rewards()) {
        List<Tensor> to = state.returns().tensors();
        double discount = control.returns().discount();
        program
            .run("observe_returns", to.get(0), to.get(1), to.get(2), each.tensors(), discount)
            .close();
      }
    }
  }

  /**
   * One update on everything in the buffer.
   *
   * @param update which it is, for the shuffle
   * @param metrics takes what happened
   * @return minibatches that were left out because a gradient wasn't finite
   */
  int update(ControlState state, long update, double rate, Map<String, Double> metrics) {
    List<Tensor> statistics = statistics(state);
    try (Experience all = experiences.joined(state.buffer())) {
      int rows = network.state() > 0 ? all.lanes() : trainedRows(all);
      Shuffle shuffle = Shuffle.of(rows, control.minibatches(), control.epochs(), seed, update);
      try (Tensor order = Tensor.of(shuffle.order());
          Result result =
              program.run(
                  "update",
                  List.of(state.flat()),
                  List.of(state.mean()),
                  List.of(state.square()),
                  List.of(state.count()),
                  state.target(),
                  statistics,
                  all.tensors(),
                  control.normalisation().rewards() ? state.returns().scale(0) : 0.0,
                  order,
                  shuffle.bounds(),
                  rate);
          Tensor steps = result.tensor(0);
          Tensor batch = result.tensor(1)) {
        ControlFigures figures = new ControlFigures(steps.toDoubles(), batch.toDoubles());
        figures.report(metrics);
        metrics.put(LearnerMetrics.LEARNING_RATE, rate);
        return figures.skipped();
      }
    } finally {
      statistics.forEach(Tensor::close);
    }
  }

  private int trainedRows(Experience all) {
    try (Result result = program.run("trained_rows", all.tensors())) {
      return Math.toIntExact(result.integer(0));
    }
  }

  /**
   * φ for what the buffer will hold when what is sampled with it is added: once the buffer is full,
   * the oldest one is left out, or two where collections overlap.
   *
   * @param capacity collections that the buffer holds
   * @return a copy of θ where there is nothing to adjust to
   */
  Tensor adjusted(ControlState state, int capacity, long collection, Map<String, Double> metrics) {
    Adjustment adjustment = control.adjustment();
    int held = state.buffer().size();
    int leaving = Math.clamp(held + adjustment.collectionsUntilSampled() - capacity, 0, held);
    List<List<Experience>> staying = state.buffer().subList(leaving, held);
    Tensor phi = state.flat().copy();
    if (staying.isEmpty()) {
      return phi;
    }
    List<Tensor> statistics = statistics(state);
    try (Experience all = experiences.joined(staying);
        Result pairs = program.run("pairs", all.tensors());
        Tensor observations = pairs.tensor(0);
        Tensor actions = pairs.tensor(1);
        Tensor mean = Tensor.of(new float[Math.toIntExact(phi.shape()[0])]);
        Tensor square = mean.copy();
        Tensor count = Tensor.of(new float[] {0}, 1)) {
      boolean ros = adjustment.method() == AdjustmentMethod.ROS;
      Shuffle shuffle =
          Shuffle.of(
              Math.toIntExact(observations.shape()[1]),
              ros ? 1 : adjustment.minibatches(),
              ros ? 1 : adjustment.epochs(),
              ~seed,
              collection);
      try (Tensor order = Tensor.of(shuffle.order());
          Result result =
              program.run(
                  "adjust",
                  state.flat(),
                  List.of(phi),
                  List.of(mean),
                  List.of(square),
                  List.of(count),
                  statistics,
                  observations,
                  actions,
                  order,
                  shuffle.bounds(),
                  adjustment.learningRate(),
                  !ros,
                  ros ? BOUNDLESS : adjustment.clip(),
                  ros ? 0.0 : adjustment.klCoefficient(),
                  ros ? BOUNDLESS : adjustment.targetKl(),
                  ros ? 0.0 : adjustment.clipNorm());
          Tensor figures = result.tensor()) {
        double[] values = figures.toDoubles();
        metrics.put(LearnerMetrics.ADJUSTMENT_STEPS, values[0]);
        metrics.put(LearnerMetrics.ADJUSTMENT_KL, values[2]);
        metrics.put(LearnerMetrics.ADJUSTMENT_K3, values[3]);
        return phi;
      }
    } finally {
      statistics.forEach(Tensor::close);
    }
  }

  /**
   * Updates between two measurements of the sampling error: one for each {@value #FIT_ROWS} rows of
   * the buffer, so that measuring costs an update the same however large the buffer is.
   */
  long samplingErrorEvery(ControlState state) {
    long rows =
        state.buffer().stream()
            .flatMap(List::stream)
            .mapToLong(each -> (long) each.steps() * each.lanes())
            .sum();
    return Math.max(1, Math.ceilDiv(rows, FIT_ROWS));
  }

  /** How far the buffer's pairs are from what θ would draw: {@code props.py} says it. */
  double samplingError(ControlState state) {
    List<Tensor> statistics = statistics(state);
    try (Experience all = experiences.joined(state.buffer());
        Result pairs = program.run("pairs", all.tensors());
        Tensor observations = pairs.tensor(0);
        Tensor actions = pairs.tensor(1);
        Result error =
            program.run(
                "sampling_error",
                state.flat(),
                statistics,
                observations,
                actions,
                FIT_STEPS,
                FIT_RATE)) {
      return error.number(0);
    } finally {
      statistics.forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
