package dev.troupe.deploy.episode;

import dev.troupe.rollout.environment.VectorEnvironment;

/** Who plays: begins an episode, then takes one step after another. */
public interface Player extends AutoCloseable {
  /** Begins an episode, the first one being 0, in the only lane of {@link #stage}. */
  void begin(int episode);

  /** Takes a step there. */
  void step();

  /** Where it plays; to be looked at between two calls. */
  VectorEnvironment stage();

  @Override
  void close();
}
