package dev.troupe.rollout.fragment;

/**
 * The hyperbolic tangent of many numbers, in a form that the compiler turns into vector
 * instructions.
 *
 * <pre>
 * tanh x ≈ x·P(x²) / Q(x²),  |x| ≤ 7.905
 * </pre>
 *
 * P and Q of degrees 6 and 3 are Eigen's ({@code generic_fast_tanh_float}); the error is below
 * 3e-7.
 */
final class Tanh {
  private static final float FLAT_FROM = 7.905311f;

  private Tanh() {}

  /** Replaces the first {@code count} numbers; NaN stays NaN. */
  static void apply(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float x = Math.max(-FLAT_FROM, Math.min(FLAT_FROM, values[i]));
      float s = x * x;
      float p = -2.7607684e-16f;
      p = Math.fma(p, s, 2.000188e-13f);
      p = Math.fma(p, s, -8.604672e-11f);
      p = Math.fma(p, s, 5.1222973e-8f);
      p = Math.fma(p, s, 1.48572235e-5f);
      p = Math.fma(p, s, 0.00063726195f);
      p = Math.fma(p, s, 0.0048935246f);
      float q = 1.1982584e-6f;
      q = Math.fma(q, s, 0.00011853471f);
      q = Math.fma(q, s, 0.0022684347f);
      q = Math.fma(q, s, 0.004893525f);
      values[i] = x * p / q;
    }
  }
}
