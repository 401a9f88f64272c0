package dev.troupe.rollout.fragment;

import dev.troupe.rollout.environment.Actions;

/** Chooses an action for every lane. One thread makes, owns and closes it. */
interface LanePolicy extends AutoCloseable {
  /** What is remembered of the lanes, [N, S], to be read between two steps. */
  float[] state();

  /** Forgets the state of a lane whose next episode begins. */
  void episodeBegins(int lane);

  /**
   * Fills {@code actions} and their log-probabilities, [N].
   *
   * @param observations [N, O], raw
   */
  void act(
      float[] observations, ActionNoise noise, boolean greedy, Actions actions, float[] logProbs);

  @Override
  void close();
}
