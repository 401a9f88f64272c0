package dev.troupe.rollout.fragment;

import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;

/** Fragments without rows. */
public final class Fragments {
  private Fragments() {}

  /** What came of episodes that were played for their returns only, in order of the lanes. */
  public static EnvironmentFragment ofEpisodes(double[] returns, int[] lengths) {
    return new EnvironmentFragment(
        TensorData.of(new float[0], 0, 0, 0),
        TensorData.of(new int[0], 0, 0, 0),
        TensorData.of(new float[0], 0, 0),
        TensorData.of(new double[0], 0, 0),
        TensorData.of(new boolean[0], 0, 0),
        TensorData.of(new boolean[0], 0, 0),
        TensorData.of(new boolean[0], 0, 0),
        TensorData.of(new float[0], 0, 0),
        TensorData.of(new float[0], 0, 0),
        TensorData.of(new float[0], 0, 0),
        TensorData.of(new double[0], 0),
        TensorData.of(returns, returns.length),
        TensorData.of(lengths, lengths.length));
  }

  /** Of a fragment that an environment's failure has cost. */
  public static EnvironmentFragment lost() {
    return ofEpisodes(new double[0], new int[0]);
  }
}
