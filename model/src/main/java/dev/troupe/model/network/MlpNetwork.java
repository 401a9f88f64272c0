package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A policy of tanh layers with an actor and a critic that share nothing; {@code mlp.py} says which
 * functions its text offers.
 */
public final class MlpNetwork {
  private static final double HIDDEN_GAIN = Math.sqrt(2);
  private static final double ACTOR_GAIN = 0.01;
  private static final double CRITIC_GAIN = 1;

  private final MlpShape shape;
  private final List<ParameterShape> layout;

  public MlpNetwork(MlpShape shape) {
    this.shape = shape;
    List<ParameterShape> parameters = new ArrayList<>();
    addLayers(parameters, "actor", shape.actions());
    addLayers(parameters, "critic", 1);
    this.layout = List.copyOf(parameters);
  }

  public MlpShape shape() {
    return shape;
  }

  /** Weight and bias of every layer of the actor, then of the critic. */
  public List<ParameterShape> layout() {
    return layout;
  }

  /** The names of {@link #layout}. */
  public List<String> names() {
    return layout.stream().map(ParameterShape::name).toList();
  }

  /** The text of the network, to be composed with a source that uses it. */
  public List<ProgramSource> sources() {
    return List.of(ProgramSource.resource(MlpNetwork.class, "/dev/troupe/model/programs/mlp.py"));
  }

  /** What the text's upper-case names stand for; {@code more} adds those of other sources. */
  public Map<String, Object> constants(Map<String, Object> more) {
    Map<String, Object> constants = new HashMap<>(more);
    constants.put("MLP_LAYERS", shape.hidden().size() + 1);
    return Map.copyOf(constants);
  }

  /**
   * Initial float32 weights: orthogonal matrices times √2 in hidden layers, 0.01 at the actor's
   * end, 1 at the critic's; biases zero. One {@link SplittableRandom} a parameter, seeded with
   * {@code seed} mixed with the parameter's number.
   */
  public Parameters initial(long seed) {
    List<Tensor> tensors = new ArrayList<>();
    int layers = shape.hidden().size() + 1;
    for (int i = 0; i < layout.size(); i++) {
      ParameterShape parameter = layout.get(i);
      if (parameter.shape().size() == 1) {
        tensors.add(Tensor.of(new float[(int) parameter.elements()], parameter.extents()));
        continue;
      }
      boolean last = (i / 2) % layers == layers - 1;
      double gain = !last ? HIDDEN_GAIN : i < 2 * layers ? ACTOR_GAIN : CRITIC_GAIN;
      int rows = Math.toIntExact(parameter.shape().get(0));
      int columns = Math.toIntExact(parameter.shape().get(1));
      SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (i + 1));
      tensors.add(Tensor.of(Orthogonal.matrix(rows, columns, gain, random), rows, columns));
    }
    return new Parameters(names(), tensors);
  }

  private void addLayers(List<ParameterShape> parameters, String part, int outputs) {
    int inputs = shape.observation();
    for (int i = 0; i <= shape.hidden().size(); i++) {
      int width = i < shape.hidden().size() ? shape.hidden().get(i) : outputs;
      parameters.add(ParameterShape.of(part + "." + i + ".weight", width, inputs));
      parameters.add(ParameterShape.of(part + "." + i + ".bias", width));
      inputs = width;
    }
  }
}
