package dev.troupe.model.network;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.run.ControlSpecification.Layers;
import dev.troupe.protocol.run.ControlSpecification.Normalisation;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import java.util.List;

/**
 * Sizes of a policy for vectors of observations.
 *
 * @param observation numbers of an observation: O
 * @param hidden widths of the tanh layers; actor and critic have their own
 * @param recurrence a cell in front of them, which both share
 * @param recurrentWidth of that cell; 0 without one
 * @param normalised whether observations are normalised by running statistics
 * @param clip largest magnitude of a normalised observation
 */
public record ControlShape(
    int observation,
    List<Integer> hidden,
    Recurrence recurrence,
    int recurrentWidth,
    ActionDistribution actions,
    boolean normalised,
    double clip) {
  public ControlShape {
    hidden = List.copyOf(hidden);
    Check.atLeast("observation", 1, observation);
    hidden.forEach(width -> Check.atLeast("hidden", 1, width));
    Check.atLeast("recurrentWidth", recurrence == Recurrence.NONE ? 0 : 1, recurrentWidth);
    Check.positive("clip", clip);
  }

  /** Tanh layers, observations as they are. */
  public static ControlShape plain(
      int observation, List<Integer> hidden, ActionDistribution actions) {
    return new ControlShape(observation, hidden, Recurrence.NONE, 0, actions, false, 10);
  }

  /** What a recipe asks for, with the sizes of an environment. */
  public static ControlShape of(
      int observation, ActionDistribution actions, Layers layers, Normalisation normalisation) {
    return new ControlShape(
        observation,
        layers.hidden(),
        layers.recurrence(),
        layers.recurrentWidth(),
        actions,
        normalisation.observations(),
        normalisation.clip());
  }
}
