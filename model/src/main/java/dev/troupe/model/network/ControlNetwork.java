package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy with its critic for vectors of observations: names and shapes of the parameters, their
 * first values, and program text.
 *
 * <p>The text ({@code mlp.py} and {@code recurrent.py} say it in full) offers, with N lanes, O
 * numbers an observation, S numbers of memory, P parameters of a distribution and {@code w} the
 * tensors of {@link #layout}:
 *
 * <pre>
 * policy_step(x [N, O] raw, state [N, S], w) -> (distribution [N, P], state [N, S])
 * policy_values(x [N, O] raw, state [N, S], w) -> [N]
 * policy_sequence(x [T, N, O] raw, begins [T, N], state [N, S], w) -> (distributions, values)
 * </pre>
 *
 * <p>Parameters are those that are trained, and behind them, where observations are normalised,
 * {@code observation.mean} and {@code observation.scale}: whoever has a version of the weights sees
 * what the policy saw.
 */
public interface ControlNetwork {
  /** Name of the means that observations are normalised by. */
  String OBSERVATION_MEAN = "observation.mean";

  /** Name of what they are multiplied with afterwards: 1 / √(variance + 10⁻⁸). */
  String OBSERVATION_SCALE = "observation.scale";

  ControlShape shape();

  /** Parameters that are trained. */
  List<ParameterShape> trained();

  /** First values of the trained parameters, float32. */
  Parameters initialTrained(long seed);

  /** The text of the network without that of its distribution. */
  List<ProgramSource> networkSources();

  /**
   * Text of {@code policy_forward} and {@code policy_backward}, as {@code mlp_training.py} has
   * them; empty where autograd is to find the gradients.
   */
  default List<ProgramSource> trainingSources() {
    return List.of();
  }

  /** What the network's text calls by upper-case names of its own. */
  Map<String, Object> networkConstants();

  /** Numbers that the policy remembers of a lane: S, 0 without memory. */
  default int state() {
    return 0;
  }

  /**
   * Places of the parameters of the policy's last layer in {@link #trained}; the text's {@code
   * policy_features} and {@code policy_head} stop before it and go on from there. Empty where the
   * network has memory: it is not offered then.
   */
  List<Integer> head();

  /** All parameters in order: trained ones, then statistics. */
  default List<ParameterShape> layout() {
    List<ParameterShape> all = new ArrayList<>(trained());
    all.addAll(statistics());
    return List.copyOf(all);
  }

  /** Parameters that follow from the observations seen. */
  default List<ParameterShape> statistics() {
    int size = shape().observation();
    return shape().normalised()
        ? List.of(
            ParameterShape.of(OBSERVATION_MEAN, size), ParameterShape.of(OBSERVATION_SCALE, size))
        : List.of();
  }

  /** The names of {@link #layout}. */
  default List<String> names() {
    return layout().stream().map(ParameterShape::name).toList();
  }

  /** First values of all parameters, in order: statistics leave observations as they are. */
  default Parameters initial(long seed) {
    Parameters trained = initialTrained(seed);
    List<Tensor> tensors = new ArrayList<>(trained.tensors());
    for (ParameterShape each : statistics()) {
      float[] values = new float[(int) each.elements()];
      Arrays.fill(values, each.name().equals(OBSERVATION_SCALE) ? 1 : 0);
      tensors.add(Tensor.of(values, each.extents()));
    }
    return new Parameters(names(), tensors);
  }

  /** The whole text of the policy, to be composed with a source that uses it. */
  default List<ProgramSource> sources() {
    List<ProgramSource> sources = new ArrayList<>(networkSources());
    sources.add(
        ProgramSource.resource(ControlNetwork.class, "/dev/troupe/model/programs/observations.py"));
    sources.add(shape().actions().source());
    return List.copyOf(sources);
  }

  /** What the text's upper-case names stand for; {@code more} adds those of other sources. */
  default Map<String, Object> constants(Map<String, Object> more) {
    Map<String, Object> constants = new HashMap<>(more);
    constants.putAll(networkConstants());
    constants.put("HEAD", head());
    constants.put("NORMALISED", shape().normalised());
    constants.put("OBSERVATION_CLIP", shape().clip());
    constants.put("STATISTICS", shape().normalised() ? trained().size() : 0);
    constants.put(
        "COUNTS",
        shape().actions() instanceof ActionDistribution.MultiCategorical multi
            ? multi.counts()
            : List.of(shape().actions().outputs()));
    int logStd = trained().stream().map(ParameterShape::name).toList().indexOf("actor.log-std");
    constants.put("LOG_STD", Math.max(0, logStd));
    return Map.copyOf(constants);
  }

  /** The built-in network of a shape. */
  static ControlNetwork of(ControlShape shape) {
    return switch (shape.recurrence()) {
      case NONE -> new MlpNetwork(shape);
      case LSTM, GRU -> new RecurrentNetwork(shape);
    };
  }
}
