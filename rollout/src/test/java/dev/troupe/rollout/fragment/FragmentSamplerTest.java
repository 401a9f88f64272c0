package dev.troupe.rollout.fragment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.ActingProgram;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentFailedException;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FragmentSamplerTest {
  private static final EnvironmentSource CART_POLE = source("CartPole-v1", Map.of());

  private static EnvironmentSource source(String id, Map<String, String> options) {
    return Environments.standard().find(id, options);
  }

  private static ControlNetwork network(EnvironmentSource source, boolean normalised) {
    Environment environment = source.create();
    ActionDistribution actions =
        switch (environment.actionSpace()) {
          case Space.Discrete discrete -> new ActionDistribution.Categorical(discrete.count());
          case Space.MultiDiscrete many -> new ActionDistribution.MultiCategorical(many.counts());
          case Space.Box box -> new ActionDistribution.Normal(box.size());
        };
    return ControlNetwork.of(
        new ControlShape(
            environment.observationSpace().size(),
            List.of(64, 64),
            Recurrence.NONE,
            0,
            actions,
            normalised,
            10));
  }

  private static FragmentSampler sampler(
      EnvironmentSource source, ControlNetwork network, int lanes, int steps) {
    var vector = new VectorEnvironment(source, lanes, AutoresetMode.SAME_STEP, () -> 0);
    var sampler = new FragmentSampler(network, vector, steps, 0.5, 7, 11);
    try (PolicySnapshot snapshot = PolicySnapshot.of(1, 0, network.initial(3))) {
      sampler.use(snapshot);
    }
    return sampler;
  }

  private static EnvironmentFragment next(FragmentSampler sampler, long number) {
    sampler.begin(number);
    return sampler.advance(Integer.MAX_VALUE).orElseThrow();
  }

  @Test
  void anotherSamplerGoesOnWhereOneStood() {
    ControlNetwork network = recurrent(CART_POLE);
    try (FragmentSampler one = sampler(CART_POLE, network, 3, 30);
        FragmentSampler other = sampler(CART_POLE, network, 3, 30)) {
      next(one, 0);
      EnvironmentState kept = one.keep(0);
      EnvironmentFragment expected = next(one, 1);

      other.goOn(kept);

      assertThat(next(other, 1)).isEqualTo(expected);
      assertThat(kept.memory().toFloats()).isNotEqualTo(new float[12]);
    }
  }

  @Test
  void whatWasKeptOfOtherEnvironmentsIsRefused() {
    ControlNetwork network = network(CART_POLE, false);
    EnvironmentSource shorter = source("CartPole-v1", Map.of("reset-low", "-0.01"));
    try (FragmentSampler one = sampler(CART_POLE, network, 2, 30);
        FragmentSampler other = sampler(shorter, network, 2, 30)) {
      next(one, 0);
      EnvironmentState kept = one.keep(0);

      assertThatThrownBy(() -> other.goOn(kept)).hasMessageContaining("reset-low");
    }
  }

  @Test
  void beginsAnewAsIfNothingHadBeenPlayed() {
    ControlNetwork network = recurrent(CART_POLE);
    try (FragmentSampler used = sampler(CART_POLE, network, 3, 30);
        FragmentSampler fresh = sampler(CART_POLE, network, 3, 30)) {
      next(used, 0);

      used.beginAnew(11);

      assertThat(next(used, 1)).isEqualTo(next(fresh, 1));
    }
  }

  private static ControlNetwork recurrent(EnvironmentSource source) {
    return ControlNetwork.of(
        new ControlShape(
            source.create().observationSpace().size(),
            List.of(8),
            Recurrence.GRU,
            4,
            new ActionDistribution.Categorical(2),
            false,
            10));
  }

  @Test
  void theSameNumbersGiveTheSameFragmentsInWhateverPiecesTheyAreMade() {
    ControlNetwork network = network(CART_POLE, false);
    try (FragmentSampler one = sampler(CART_POLE, network, 5, 40);
        FragmentSampler other = sampler(CART_POLE, network, 5, 40)) {
      EnvironmentFragment first = next(one, 0);
      other.begin(0);
      assertThat(other.advance(13)).isEmpty();
      assertThat(other.advance(26)).isEmpty();

      assertThat(other.advance(9)).contains(first);
      assertThat(next(other, 1)).isEqualTo(next(one, 1)).isNotEqualTo(first);
    }
  }

  @Test
  void playingTheActionsAgainGivesEverythingThatWasRecorded() {
    ControlNetwork network = network(CART_POLE, false);
    var again = new VectorEnvironment(CART_POLE, 3, AutoresetMode.SAME_STEP, () -> 0);
    again.reset(11);
    try (FragmentSampler sampler = sampler(CART_POLE, network, 3, 60)) {
      double[] running = new double[3];
      for (long number = 0; number < 2; number++) {
        EnvironmentFragment fragment = next(sampler, number);

        assertThat(fragment.startReturns().toDoubles()).containsExactly(running);
        float[] observations = fragment.observations().toFloats();
        int[] actions = fragment.actions().toInts();
        double[] rewards = fragment.rewards().toDoubles();
        long[] terminated = fragment.terminated().toLongs();
        int episode = 0;
        for (int row = 0; row < 180; row++) {
          int lane = row % 3;
          for (int i = 0; i < 4; i++) {
            assertThat(observations[row * 4 + i]).isEqualTo(again.observations().get(lane * 4 + i));
          }
          again.actions().choices()[lane] = actions[row];
          if (lane == 2) {
            again.step();
            for (int n = 0; n < 3; n++) {
              assertThat(rewards[row - 2 + n]).isEqualTo(again.rewards()[n]);
              assertThat(terminated[row - 2 + n]).isEqualTo(again.terminated()[n] ? 1 : 0);
              running[n] = again.terminated()[n] ? 0 : running[n] * 0.5 + again.rewards()[n];
              if (again.terminated()[n]) {
                assertThat(fragment.episodeReturns().toDoubles()[episode])
                    .isEqualTo(again.episodeReturns()[n]);
                assertThat(fragment.episodeLengths().toLongs()[episode++])
                    .isEqualTo(again.episodeLengths()[n]);
              }
            }
          }
        }
        assertThat(fragment.episodeReturns().elements()).isEqualTo(episode).isPositive();
        float[] last = fragment.lastObservation().toFloats();
        for (int i = 0; i < last.length; i++) {
          assertThat(last[i]).isEqualTo(again.observations().get(i));
        }
      }
    }
  }

  @Test
  void keepsTheObservationsThatTimeLimitsCutOff() {
    EnvironmentSource source = source("Pendulum-v1", Map.of("time-limit", "10"));
    try (FragmentSampler sampler = sampler(source, network(source, false), 2, 25)) {
      EnvironmentFragment fragment = next(sampler, 0);

      assertThat(fragment.finalObservations().shape()).containsExactly(4L, 3L);
      assertThat(fragment.episodeLengths().toLongs()).containsExactly(10, 10, 10, 10);
      assertThat(fragment.truncated().toLongs()[18]).isEqualTo(1);
      float[] cutOff = fragment.finalObservations().toFloats();
      float[] next = fragment.observations().toFloats();
      assertThat(cutOff[0]).isNotEqualTo(next[20 * 3]);
    }
  }

  @Test
  void agreesWithTheNetworksOwnProgram() {
    for (EnvironmentSource source :
        List.of(CART_POLE, source("Pendulum-v1", Map.of()), source("Acrobot-v1", Map.of()))) {
      ControlNetwork network = network(source, true);
      try (ActingProgram program = new ActingProgram(network);
          Parameters parameters = network.initial(5);
          FragmentSampler sampler = sampler(source, network, 7, 30);
          PolicySnapshot snapshot = PolicySnapshot.of(1, 1, parameters.copy())) {
        sampler.use(snapshot);
        EnvironmentFragment fragment = next(sampler, 4);
        int components = (int) (long) fragment.actions().shape().get(2);
        boolean choices = source.create().actionSpace() instanceof Space.Discrete;
        var noise = new ActionNoise(7, "actions", components);
        int size = network.shape().observation();
        for (int step = 0; step < 30; step++) {
          noise.at(4, step);
          double[] drawn = new double[7];
          for (int lane = 0; lane < 7; lane++) {
            drawn[lane] = choices ? noise.uniform(lane, 0) : noise.normal(lane, 0);
          }
          float[] seen = new float[7 * size];
          System.arraycopy(
              fragment.observations().toFloats(), step * 7 * size, seen, 0, seen.length);
          try (Tensor observations = Tensor.of(seen, 7, size);
              Tensor uniforms = Tensor.of(drawn, 7, 1);
              Tensor state = Tensor.of(new float[0], 7, 0);
              Result result = program.act(observations, uniforms, state, parameters)) {
            float[] logProbs = result.tensor(1).toFloats();
            for (int lane = 0; lane < 7; lane++) {
              int row = step * 7 + lane;
              double action =
                  choices ? result.tensor(0).toLongs()[lane] : result.tensor(0).toFloats()[lane];
              double taken =
                  choices ? fragment.actions().toInts()[row] : fragment.actions().toFloats()[row];
              assertThat(taken).isCloseTo(action, within(2e-6));
              assertThat(fragment.logProbs().toFloats()[row])
                  .isCloseTo(logProbs[lane], within(2e-6f));
            }
          }
        }
      }
    }
  }

  @Test
  void playsRecurrentNetworksByTheirPrograms() {
    ControlNetwork network =
        ControlNetwork.of(
            new ControlShape(
                4,
                List.of(16),
                Recurrence.GRU,
                8,
                new ActionDistribution.Categorical(2),
                false,
                10));
    try (FragmentSampler sampler = sampler(CART_POLE, network, 3, 30)) {
      EnvironmentFragment first = next(sampler, 0);
      EnvironmentFragment second = next(sampler, 1);

      assertThat(first.startState().toFloats()).containsOnly(0);
      assertThat(second.startState()).isNotEqualTo(first.startState());
      assertThat(second.startState().shape()).containsExactly(3L, (long) network.state());
    }
  }

  @Test
  void aFailedEnvironmentCostsTheFragmentAndIsReplaced() {
    EnvironmentSource source = EnvironmentSource.of("Fragile", 0, Fragile::new);
    try (FragmentSampler sampler = sampler(source, network(source, false), 2, 8)) {
      assertThat(next(sampler, 0).rewards().elements()).isEqualTo(16);
      sampler.begin(1);

      assertThatThrownBy(() -> sampler.advance(8))
          .isInstanceOf(EnvironmentFailedException.class)
          .hasMessageContaining("Fragile")
          .hasMessageContaining("seed [11]")
          .hasMessageContaining("step [13]");
      EnvironmentFragment after = next(sampler, 2);
      assertThat(after.startReturns().toDoubles()).containsExactly(0, 0);
      assertThat(after.observations().toFloats()[0]).isZero();
    }
  }

  @Test
  void anEvaluationPlaysEachEpisodeToItsEnd() {
    ControlNetwork network = network(CART_POLE, false);
    try (PolicySnapshot snapshot = PolicySnapshot.of(1, 0, network.initial(3));
        EpisodePlayer one = new EpisodePlayer(network, CART_POLE, 6, 5, true, snapshot, () -> 0);
        EpisodePlayer other =
            new EpisodePlayer(network, CART_POLE, 6, 5, true, snapshot, () -> 0)) {
      EnvironmentFragment played = one.advance(Integer.MAX_VALUE).orElseThrow();

      assertThat(played.episodeReturns().elements()).isEqualTo(6);
      assertThat(played.rewards().elements()).isZero();
      assertThat(other.advance(Integer.MAX_VALUE)).contains(played);
    }
  }

  /** Breaks at its thirteenth step. */
  private static final class Fragile implements Environment {
    private int step;

    @Override
    public Space observationSpace() {
      return Space.box(0, 100, 1);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      step = 0;
      first.observe(0, 0f);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      if (++step == 13) {
        throw new IllegalStateException("broken");
      }
      next.observe(0, (float) step);
      return 1;
    }

    @Override
    public Object state() {
      return step;
    }

    @Override
    public void restore(Object state) {
      step = (Integer) state;
    }
  }
}
