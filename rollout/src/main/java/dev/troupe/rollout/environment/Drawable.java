package dev.troupe.rollout.environment;

import dev.troupe.rollout.picture.Picture;

/**
 * An {@link Environment} that can be looked at; implemented by the same class. Nothing is drawn
 * where nobody asks, and drawing changes nothing.
 */
public interface Drawable {
  /** The present state; all pictures of an environment have the same size. */
  Picture picture();

  /** How many steps a second look natural. */
  default double stepsPerSecond() {
    return 10;
  }
}
