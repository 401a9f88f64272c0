package dev.troupe.rollout.fragment;

import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.VectorEnvironment;
import java.util.Arrays;

/** The arrays that a fragment is written into step by step: made once, written again each time. */
final class FragmentRecord {
  private static final int FEW = 64;

  private final int steps;
  private final int lanes;
  private final int size;
  private final int components;
  private final boolean choices;
  private final float[] observations;
  private final int[] chosen;
  private final float[] values;
  private final float[] logProbs;
  private final double[] rewards;
  private final boolean[] terminated;
  private final boolean[] truncated;
  private final boolean[] inserted;
  private final double[] startReturns;
  private float[] startState = {};
  private float[] finals;
  private int finalRows;
  private double[] episodeReturns = new double[FEW];
  private int[] episodeLengths = new int[FEW];
  private int episodes;

  FragmentRecord(VectorEnvironment vector, int steps) {
    Actions actions = vector.actions();
    this.steps = steps;
    this.lanes = vector.size();
    this.size = vector.observationSpace().size();
    this.components = actions.size();
    this.choices = actions.choices().length > 0;
    int rows = Math.multiplyExact(steps, lanes);
    this.observations = new float[Math.multiplyExact(rows, size)];
    this.chosen = new int[choices ? Math.multiplyExact(rows, components) : 0];
    this.values = new float[choices ? 0 : Math.multiplyExact(rows, components)];
    this.logProbs = new float[rows];
    this.rewards = new double[rows];
    this.terminated = new boolean[rows];
    this.truncated = new boolean[rows];
    this.inserted = new boolean[rows];
    this.startReturns = new double[lanes];
    this.finals = new float[FEW * size];
  }

  void begin(double[] returns, float[] state) {
    System.arraycopy(returns, 0, startReturns, 0, lanes);
    startState = state.clone();
    finalRows = 0;
    episodes = 0;
  }

  /** What was seen and done at a step, before it is taken. */
  void act(int step, float[] seen, Actions actions, float[] probabilities) {
    System.arraycopy(seen, 0, observations, step * lanes * size, lanes * size);
    int width = lanes * components;
    if (choices) {
      System.arraycopy(actions.choices(), 0, chosen, step * width, width);
    } else {
      System.arraycopy(actions.values(), 0, values, step * width, width);
    }
    System.arraycopy(probabilities, 0, logProbs, step * lanes, lanes);
  }

  /** What came of it. */
  void follow(int step, VectorEnvironment vector) {
    int row = step * lanes;
    System.arraycopy(vector.rewards(), 0, rewards, row, lanes);
    System.arraycopy(vector.terminated(), 0, terminated, row, lanes);
    System.arraycopy(vector.truncated(), 0, truncated, row, lanes);
    System.arraycopy(vector.inserted(), 0, inserted, row, lanes);
    boolean same = vector.autoreset() == AutoresetMode.SAME_STEP;
    for (int lane = 0; lane < lanes; lane++) {
      if (terminated[row + lane] || truncated[row + lane]) {
        episode(vector.episodeReturns()[lane], vector.episodeLengths()[lane]);
        if (same && !terminated[row + lane]) {
          lastOf(vector, lane);
        }
      }
    }
  }

  private void episode(double sum, int length) {
    if (episodes == episodeReturns.length) {
      episodeReturns = Arrays.copyOf(episodeReturns, 2 * episodes);
      episodeLengths = Arrays.copyOf(episodeLengths, 2 * episodes);
    }
    episodeReturns[episodes] = sum;
    episodeLengths[episodes] = length;
    episodes++;
  }

  private void lastOf(VectorEnvironment vector, int lane) {
    if ((finalRows + 1) * size > finals.length) {
      finals = Arrays.copyOf(finals, 2 * finals.length);
    }
    vector.finalObservations().get(lane * size, finals, finalRows * size, size);
    finalRows++;
  }

  /**
   * A copy of what was written.
   *
   * @param last [N, O] observations after the last step
   */
  EnvironmentFragment finish(float[] last) {
    return new EnvironmentFragment(
        TensorData.of(observations, steps, lanes, size),
        choices
            ? TensorData.of(chosen, steps, lanes, components)
            : TensorData.of(values, steps, lanes, components),
        TensorData.of(logProbs, steps, lanes),
        TensorData.of(rewards, steps, lanes),
        TensorData.of(terminated, steps, lanes),
        TensorData.of(truncated, steps, lanes),
        TensorData.of(inserted, steps, lanes),
        TensorData.of(Arrays.copyOf(finals, finalRows * size), finalRows, size),
        TensorData.of(last, lanes, size),
        TensorData.of(startState, lanes, startState.length / lanes),
        TensorData.of(startReturns, lanes),
        TensorData.of(Arrays.copyOf(episodeReturns, episodes), episodes),
        TensorData.of(Arrays.copyOf(episodeLengths, episodes), episodes));
  }
}
