package dev.troupe.rollout.environment.mujoco;

import dev.troupe.rollout.environment.EnvironmentOptions;

/** What lies between two numbers. */
record Range(double low, double high) {
  /** As an option {@code low,high} says. */
  static Range of(EnvironmentOptions options, String name, double low, double high) {
    double[] given = options.numbers(name, low, high);
    if (given.length != 2 || !(given[0] <= given[1])) {
      throw options.wrong(name, "2 numbers: least, most", options.text(name, ""));
    }
    return new Range(given[0], given[1]);
  }

  /** Whether it is strictly between them. */
  boolean holds(double value) {
    return low < value && value < high;
  }

  /** Whether it is between them or one of them. */
  boolean touches(double value) {
    return low <= value && value <= high;
  }

  double clip(double value) {
    return Math.min(Math.max(value, low), high);
  }
}
