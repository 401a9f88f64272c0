package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Parameters of tanh layers of an actor and a critic apart. */
final class TanhLayers {
  private static final double HIDDEN_GAIN = Math.sqrt(2);
  private static final double ACTOR_GAIN = 0.01;
  private static final double CRITIC_GAIN = 1;

  private TanhLayers() {}

  /** Layers that read {@code inputs} numbers, and the spread of actions where there is one. */
  static List<ParameterShape> layout(ControlShape shape, int inputs) {
    List<ParameterShape> parameters = new ArrayList<>();
    int from = inputs;
    for (int i = 0; i <= shape.hidden().size(); i++) {
      boolean last = i == shape.hidden().size();
      int actor = last ? shape.actions().outputs() : shape.hidden().get(i);
      int critic = last ? 1 : shape.hidden().get(i);
      parameters.add(ParameterShape.of("actor." + i + ".weight", actor, from));
      parameters.add(ParameterShape.of("critic." + i + ".weight", critic, from));
      parameters.add(ParameterShape.of("actor." + i + ".bias", actor));
      parameters.add(ParameterShape.of("critic." + i + ".bias", critic));
      from = actor;
    }
    if (shape.actions() instanceof ActionDistribution.Normal normal) {
      parameters.add(ParameterShape.of("actor.log-std", normal.size()));
    }
    return List.copyOf(parameters);
  }

  /**
   * Orthogonal matrices times √2 in hidden layers, 0.01 at the actor's end, 1 at the critic's;
   * vectors are zero.
   */
  static Tensor initial(ParameterShape parameter, int lastLayer, SplittableRandom random) {
    if (parameter.shape().size() == 1) {
      return Tensor.of(new float[(int) parameter.elements()], parameter.extents());
    }
    double gain =
        !parameter.name().contains("." + lastLayer + ".")
            ? HIDDEN_GAIN
            : parameter.name().startsWith("actor.") ? ACTOR_GAIN : CRITIC_GAIN;
    return orthogonal(parameter, gain, random);
  }

  static Tensor orthogonal(ParameterShape parameter, double gain, SplittableRandom random) {
    int rows = Math.toIntExact(parameter.shape().get(0));
    int columns = Math.toIntExact(parameter.shape().get(1));
    return Tensor.of(Orthogonal.matrix(rows, columns, gain, random), rows, columns);
  }

  /** The text of the layers and of a network made with them. */
  static List<ProgramSource> sources(String network) {
    return Stream.of("tanh_layers.py", network)
        .map(name -> ProgramSource.resource(TanhLayers.class, "/dev/troupe/model/programs/" + name))
        .toList();
  }
}
