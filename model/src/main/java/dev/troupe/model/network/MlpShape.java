package dev.troupe.model.network;

import java.util.List;

/**
 * Sizes of a policy for vectors of observations and a choice among actions.
 *
 * @param observation length of an observation
 * @param hidden widths of the tanh layers; actor and critic have their own
 * @param actions to choose from
 */
public record MlpShape(int observation, List<Integer> hidden, int actions) {
  public MlpShape {
    hidden = List.copyOf(hidden);
    if (observation < 1 || actions < 1 || hidden.stream().anyMatch(width -> width < 1)) {
      throw new IllegalArgumentException(
          "widths must be at least 1, got observation ["
              + observation
              + "], hidden "
              + hidden
              + ", actions ["
              + actions
              + "]");
    }
  }
}
