package dev.troupe.rollout.fragment;

import dev.troupe.rollout.random.Philox;

/**
 * The randomness of actions: a pure function of (run, fragment, step, lane, component), so that a
 * fragment can be played again whoever else plays.
 */
final class ActionNoise {
  private static final double UNIT = 0x1p-32;
  private static final long LOW = 0xFFFFFFFFL;

  private final long key;
  private final int components;
  private long fragment;
  private long step;

  /**
   * @param seed of the run
   * @param stream its purpose
   * @param components of one action
   */
  ActionNoise(long seed, String stream, int components) {
    this.key = Philox.key(seed, stream);
    this.components = components;
  }

  /** What is drawn from now on is for this step of this fragment. */
  void at(long fragment, int step) {
    this.fragment = fragment;
    this.step = (long) step << 32;
  }

  /** Uniform in [0, 1). */
  double uniform(int lane, int component) {
    return Philox.uniform(key, fragment, counter(lane, component));
  }

  /** Normal, by Box and Muller: √(−2 ln u)·cos 2πv. */
  float normal(int lane, int component) {
    long bits = Philox.bits(key, fragment, counter(lane, component));
    double u = ((bits >>> 32) + 1) * UNIT;
    double v = (bits & LOW) * UNIT;
    return (float) (Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
  }

  private long counter(int lane, int component) {
    return step | (lane * components + component);
  }
}
