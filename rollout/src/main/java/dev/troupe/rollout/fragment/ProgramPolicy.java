package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ActingProgram;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Space;
import java.util.Arrays;

/** Any network, computed by its torch program: one call a step of all lanes. */
final class ProgramPolicy implements LanePolicy {
  private final ActingProgram program;
  private final PolicySnapshot snapshot;
  private final int lanes;
  private final int observation;
  private final int components;
  private final boolean choices;
  private final double[] drawn;
  private final float[] state;

  /**
   * @param program shared by all versions; stays open
   * @param snapshot held until this is closed
   * @param state [N, S], written by every step
   */
  ProgramPolicy(
      ActingProgram program,
      ControlNetwork network,
      PolicySnapshot snapshot,
      Space actions,
      int lanes,
      float[] state) {
    this.program = program;
    this.snapshot = snapshot.retain();
    this.lanes = lanes;
    this.observation = network.shape().observation();
    this.components = actions.size();
    this.choices =
        switch (actions) {
          case Space.Discrete _, Space.MultiDiscrete _ -> true;
          case Space.Box _ -> false;
        };
    this.drawn = new double[lanes * components];
    this.state = state;
  }

  @Override
  public float[] state() {
    return state;
  }

  @Override
  public void episodeBegins(int lane) {
    int size = state.length / lanes;
    Arrays.fill(state, lane * size, (lane + 1) * size, 0);
  }

  @Override
  public void act(
      float[] observations, ActionNoise noise, boolean greedy, Actions actions, float[] logProbs) {
    try (Tensor seen = Tensor.of(observations, lanes, observation);
        Tensor before = Tensor.of(state, lanes, state.length / lanes)) {
      if (greedy) {
        try (Result result = program.greedy(seen, before, snapshot.parameters())) {
          take(result.tensor(0), actions);
          remember(result.tensor(1));
        }
        Arrays.fill(logProbs, 0);
        return;
      }
      draw(noise);
      try (Tensor uniforms = Tensor.of(drawn, lanes, components);
          Result result = program.act(seen, uniforms, before, snapshot.parameters())) {
        take(result.tensor(0), actions);
        System.arraycopy(result.tensor(1).toFloats(), 0, logProbs, 0, lanes);
        remember(result.tensor(2));
      }
    }
  }

  private void draw(ActionNoise noise) {
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < components; i++) {
        drawn[lane * components + i] = choices ? noise.uniform(lane, i) : noise.normal(lane, i);
      }
    }
  }

  private void take(Tensor chosen, Actions actions) {
    if (choices) {
      long[] numbers = chosen.toLongs();
      for (int i = 0; i < numbers.length; i++) {
        actions.choices()[i] = (int) numbers[i];
      }
    } else {
      System.arraycopy(chosen.toFloats(), 0, actions.values(), 0, lanes * components);
    }
  }

  private void remember(Tensor after) {
    System.arraycopy(after.toFloats(), 0, state, 0, state.length);
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
