package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A policy of tanh layers with an actor and a critic that share nothing; {@code mlp.py} says which
 * functions its text offers.
 *
 * <p>Parameters are ordered by layer: the weights of actor and critic, then their biases; where
 * both have the same shape they are one block of memory.
 */
public final class MlpNetwork implements ControlNetwork {
  private final ControlShape shape;
  private final List<ParameterShape> trained;

  public MlpNetwork(ControlShape shape) {
    this.shape = shape;
    this.trained = TanhLayers.layout(shape, shape.observation());
  }

  @Override
  public ControlShape shape() {
    return shape;
  }

  @Override
  public List<ParameterShape> trained() {
    return trained;
  }

  @Override
  public List<Integer> head() {
    List<String> names = trained.stream().map(ParameterShape::name).toList();
    String last = "actor." + shape.hidden().size() + ".";
    return Stream.of(last + "weight", last + "bias", "actor.log-std")
        .filter(names::contains)
        .map(names::indexOf)
        .toList();
  }

  @Override
  public Parameters initialTrained(long seed) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (i + 1));
      tensors.add(TanhLayers.initial(trained.get(i), shape.hidden().size(), random));
    }
    return new Parameters(trained.stream().map(ParameterShape::name).toList(), tensors);
  }

  @Override
  public List<ProgramSource> networkSources() {
    return TanhLayers.sources("mlp.py");
  }

  @Override
  public List<ProgramSource> trainingSources() {
    return shape.hidden().isEmpty()
        ? List.of()
        : List.of(
            ProgramSource.resource(MlpNetwork.class, "/dev/troupe/model/programs/mlp_training.py"));
  }

  @Override
  public Map<String, Object> networkConstants() {
    boolean normal = shape.actions() instanceof ActionDistribution.Normal;
    return Map.of(
        "FIRST_LAYER",
        0,
        "MLP_LAYERS",
        shape.hidden().size() + 1,
        "HIDDEN",
        shape.hidden(),
        "OUTPUTS",
        shape.actions().outputs(),
        "LOG_STDS",
        normal ? shape.actions().outputs() : 0);
  }
}
