package dev.troupe.learner.control;

import dev.troupe.model.network.ActingProgram;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ActionDistribution.MultiCategorical;
import dev.troupe.model.network.ActionDistribution.Normal;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A game of a few steps in which observations are two random numbers and every step is paid by how
 * well the action tells the sign of the first one: of this step's, or of the step's before where
 * the player is to remember. Episodes of even number terminate, odd ones are cut short.
 */
final class SignGame implements AutoCloseable {
  private static final int EPISODE = 5;

  private final ControlNetwork network;
  private final boolean remember;
  private final ActingProgram program;
  private final int lanes;
  private final int steps;
  private final SplittableRandom random;
  private final float[][] now;
  private final float[] before;
  private final int[] age;
  private final int[] episode;
  private float[] state;
  private double meanReward;

  SignGame(ControlNetwork network, boolean remember, int steps, int lanes, long seed) {
    this.network = network;
    this.remember = remember;
    this.program = new ActingProgram(network);
    this.lanes = lanes;
    this.steps = steps;
    this.random = new SplittableRandom(seed);
    this.now = new float[lanes][2];
    this.before = new float[lanes];
    this.age = new int[lanes];
    this.episode = new int[lanes];
    this.state = new float[lanes * network.state()];
    for (int n = 0; n < lanes; n++) {
      draw(n);
    }
  }

  /** Mean reward of the last fragment. */
  double meanReward() {
    return meanReward;
  }

  private void draw(int lane) {
    now[lane] = new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()};
  }

  Batch batch(long number, PolicySnapshot policy) {
    return batch(number, policy.version(), List.of(play(policy)));
  }

  static Batch batch(long number, PolicyVersion version, List<EnvironmentFragment> fragments) {
    VerifierRef verifier = new VerifierRef("environment", "1", "0".repeat(64));
    List<BatchGroup> groups = new ArrayList<>();
    for (EnvironmentFragment fragment : fragments) {
      long id = number * 100 + groups.size();
      Task task = new Task(id, "sign", "", new TaskContent.Prompt("p", "r"));
      Trajectory trajectory =
          new Trajectory(
              new TrajectoryId(id, 0),
              new LeaseId(1, 1),
              1,
              List.of(new VersionSpan(0, version)),
              fragment);
      groups.add(
          new BatchGroup(
              new Group(id, task, 1, verifier),
              List.of(
                  new JudgedTrajectory(
                      trajectory, verifier, new Outcome.Scored(0), Duration.ZERO))));
    }
    return new Batch(number, groups);
  }

  /** The same with a reward that is not a number. */
  static EnvironmentFragment withoutNumber(EnvironmentFragment from) {
    double[] rewards = from.rewards().toDoubles();
    rewards[3] = Double.NaN;
    return new EnvironmentFragment(
        from.observations(),
        from.actions(),
        from.logProbs(),
        TensorData.of(rewards, from.steps(), from.lanes()),
        from.terminated(),
        from.truncated(),
        from.inserted(),
        from.finalObservations(),
        from.lastObservation(),
        from.startState(),
        from.startReturns(),
        from.episodeReturns(),
        from.episodeLengths());
  }

  /** Plays on for the fragment's steps. */
  EnvironmentFragment play(PolicySnapshot policy) {
    int numbers = network.shape().actions().numbers();
    boolean continuous = network.shape().actions() instanceof Normal;
    int rows = steps * lanes;
    float[] observations = new float[rows * 2];
    float[] actions = new float[rows * numbers];
    float[] logProbs = new float[rows];
    double[] rewards = new double[rows];
    boolean[] terminated = new boolean[rows];
    boolean[] truncated = new boolean[rows];
    List<float[]> finals = new ArrayList<>();
    float[] startState = state.clone();
    double total = 0;
    for (int t = 0; t < steps; t++) {
      float[] x = new float[lanes * 2];
      double[] noise = new double[lanes * numbers];
      for (int n = 0; n < lanes; n++) {
        System.arraycopy(now[n], 0, x, 2 * n, 2);
      }
      for (int i = 0; i < noise.length; i++) {
        noise[i] = continuous ? random.nextGaussian() : random.nextDouble();
      }
      System.arraycopy(x, 0, observations, t * lanes * 2, x.length);
      try (Tensor xs = Tensor.of(x, lanes, 2);
          Tensor noises = Tensor.of(noise, lanes, numbers);
          Tensor memory = Tensor.of(state, lanes, network.state());
          Result result = program.act(xs, noises, memory, policy.parameters());
          Tensor chosen = result.tensor(0);
          Tensor logp = result.tensor(1);
          Tensor after = result.tensor(2)) {
        System.arraycopy(chosen.toFloats(), 0, actions, t * lanes * numbers, lanes * numbers);
        System.arraycopy(logp.toFloats(), 0, logProbs, t * lanes, lanes);
        state = after.toFloats();
      }
      for (int n = 0; n < lanes; n++) {
        int row = t * lanes + n;
        float asked = remember ? before[n] : now[n][0];
        rewards[row] = reward(actions, row * numbers, asked);
        total += rewards[row];
        before[n] = now[n][0];
        draw(n);
        if (++age[n] == EPISODE) {
          end(n, row, terminated, truncated, finals);
        }
      }
    }
    meanReward = total / rows;
    float[] last = new float[lanes * 2];
    for (int n = 0; n < lanes; n++) {
      System.arraycopy(now[n], 0, last, 2 * n, 2);
    }
    float[] cut = new float[finals.size() * 2];
    for (int i = 0; i < finals.size(); i++) {
      System.arraycopy(finals.get(i), 0, cut, 2 * i, 2);
    }
    return new EnvironmentFragment(
        TensorData.of(observations, steps, lanes, 2),
        continuous
            ? TensorData.of(actions, steps, lanes, numbers)
            : TensorData.of(whole(actions), steps, lanes, numbers),
        TensorData.of(logProbs, steps, lanes),
        TensorData.of(rewards, steps, lanes),
        TensorData.of(terminated, steps, lanes),
        TensorData.of(truncated, steps, lanes),
        TensorData.of(new boolean[rows], steps, lanes),
        TensorData.of(cut, finals.size(), 2),
        TensorData.of(last, lanes, 2),
        TensorData.of(startState, lanes, network.state()),
        TensorData.of(new double[lanes], lanes),
        TensorData.of(new double[] {total}, 1),
        TensorData.of(new int[] {rows}, 1));
  }

  private void end(
      int lane, int row, boolean[] terminated, boolean[] truncated, List<float[]> finals) {
    if (episode[lane]++ % 2 == 0) {
      terminated[row] = true;
    } else {
      truncated[row] = true;
      finals.add(now[lane]);
      draw(lane);
    }
    age[lane] = 0;
    before[lane] = 0;
    int size = network.state();
    Arrays.fill(state, lane * size, (lane + 1) * size, 0);
  }

  private double reward(float[] actions, int at, float asked) {
    ActionDistribution distribution = network.shape().actions();
    return switch (distribution) {
      case Categorical _ -> actions[at] == (asked > 0 ? 1 : 0) ? 1 : 0;
      case MultiCategorical _ ->
          (actions[at] == (asked > 0 ? 1 : 0) ? 0.5 : 0)
              + (actions[at + 1] == (asked > 0 ? 2 : 0) ? 0.5 : 0);
      case Normal _ -> 1 - Math.min(2, Math.abs(actions[at] - Math.signum(asked)));
    };
  }

  private static int[] whole(float[] numbers) {
    int[] whole = new int[numbers.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) numbers[i];
    }
    return whole;
  }

  @Override
  public void close() {
    program.close();
  }
}
