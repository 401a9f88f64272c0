package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Transition;

/** A number shown as a vector of zeros with a one in its place. */
final class OneHot {
  private OneHot() {}

  static void write(int number, Transition to) {
    for (int i = 0; i < to.size(); i++) {
      to.observe(i, i == number ? 1f : 0f);
    }
  }
}
