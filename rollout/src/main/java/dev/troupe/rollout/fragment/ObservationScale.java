package dev.troupe.rollout.fragment;

/**
 * Normalises observations with the statistics that a policy version brings with it.
 *
 * <pre>o ← clip((o − mean)·scale)</pre>
 */
final class ObservationScale {
  private final float[] mean;
  private final float[] scale;
  private final float clip;

  /**
   * @param mean [O]; empty: observations stay as they are
   * @param scale [O]
   * @param clip largest magnitude afterwards
   */
  ObservationScale(float[] mean, float[] scale, float clip) {
    this.mean = mean;
    this.scale = scale;
    this.clip = clip;
  }

  /**
   * @param raw [count, O]
   * @param to [count, O]
   */
  void apply(float[] raw, float[] to, int count) {
    if (mean.length == 0) {
      System.arraycopy(raw, 0, to, 0, to.length);
      return;
    }
    int size = mean.length;
    for (int row = 0; row < count; row++) {
      int offset = row * size;
      for (int i = 0; i < size; i++) {
        float value = (raw[offset + i] - mean[i]) * scale[i];
        to[offset + i] = Math.min(Math.max(value, -clip), clip);
      }
    }
  }
}
