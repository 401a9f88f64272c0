package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A policy with memory: an LSTM or GRU cell that actor and critic share, then tanh layers of their
 * own; {@code recurrent.py} says which functions its text offers.
 */
public final class RecurrentNetwork implements ControlNetwork {
  private static final int CELL_PARAMETERS = 4;

  private final ControlShape shape;
  private final List<ParameterShape> trained;

  public RecurrentNetwork(ControlShape shape) {
    this.shape = shape;
    int width = shape.recurrentWidth();
    long gates = (long) width * (shape.recurrence() == Recurrence.LSTM ? 4 : 3);
    List<ParameterShape> parameters = new ArrayList<>();
    parameters.add(ParameterShape.of("cell.weight-ih", gates, shape.observation()));
    parameters.add(ParameterShape.of("cell.weight-hh", gates, width));
    parameters.add(ParameterShape.of("cell.bias-ih", gates));
    parameters.add(ParameterShape.of("cell.bias-hh", gates));
    parameters.addAll(TanhLayers.layout(shape, width));
    this.trained = List.copyOf(parameters);
  }

  @Override
  public ControlShape shape() {
    return shape;
  }

  @Override
  public int state() {
    return shape.recurrentWidth() * (shape.recurrence() == Recurrence.LSTM ? 2 : 1);
  }

  @Override
  public List<ParameterShape> trained() {
    return trained;
  }

  @Override
  public List<Integer> head() {
    return List.of();
  }

  /** Layers as those of {@link MlpNetwork}; the cell's matrices are orthogonal. */
  @Override
  public Parameters initialTrained(long seed) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (i + 1));
      ParameterShape parameter = trained.get(i);
      boolean matrix = parameter.shape().size() == 2;
      tensors.add(
          i < CELL_PARAMETERS && matrix
              ? TanhLayers.orthogonal(parameter, 1, random)
              : TanhLayers.initial(parameter, shape.hidden().size(), random));
    }
    return new Parameters(trained.stream().map(ParameterShape::name).toList(), tensors);
  }

  @Override
  public List<ProgramSource> networkSources() {
    return TanhLayers.sources("recurrent.py");
  }

  @Override
  public Map<String, Object> networkConstants() {
    return Map.of(
        "CELL",
        shape.recurrence().name().toLowerCase(Locale.ROOT),
        "CELL_WIDTH",
        shape.recurrentWidth(),
        "FIRST_LAYER",
        CELL_PARAMETERS,
        "MLP_LAYERS",
        shape.hidden().size() + 1);
  }
}
