package dev.troupe.rollout.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.rollout.random.Pcg64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentsTest {
  private final Environments environments = Environments.standard();

  @Test
  void refusesAnUnknownNameWithTheNearest() {
    assertThatThrownBy(() -> environments.find("CartPol-v1", Map.of()))
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("environment [CartPol-v1] doesn't exist")
        .hasMessageContaining("did you mean [CartPole-v1]?");
    assertThatThrownBy(() -> environments.find("org.example.Missing", Map.of()))
        .hasMessageContaining("no class could be loaded");
  }

  @Test
  void refusesAnUnknownOptionWithTheNearest() {
    assertThatThrownBy(() -> environments.find("FrozenLake-v1", Map.of("is-sliperry", "false")))
        .hasMessageContaining("no option [is-sliperry]")
        .hasMessageContaining("did you mean [is-slippery]?");
    assertThatThrownBy(() -> environments.find("FrozenLake-v1", Map.of("map-name", "4x8")))
        .hasMessageContaining("must be one of [4x4, 8x8]");
    assertThatThrownBy(() -> environments.find("CartPole-v1", Map.of("time-limit", "many")))
        .hasMessageContaining("[time-limit]")
        .hasMessageContaining("a whole number, got [many]");
  }

  @Test
  void findsAClassByItsName() {
    EnvironmentSource source =
        environments.find(Counter.class.getName(), Map.of("goal", "3", "time-limit", "7"));
    assertThat(source.timeLimit()).isEqualTo(7);
    assertThat(((Counter) source.create()).goal).isEqualTo(3);
    assertThatThrownBy(() -> environments.find(Counter.class.getName(), Map.of("gaol", "3")))
        .hasMessageContaining("did you mean [goal]?");
    assertThatThrownBy(() -> environments.find("java.lang.String", Map.of()))
        .hasMessageContaining("must implement");
  }

  @Test
  void propsTasksHaveTheRewardsOfThePaper() {
    assertThat(play("TwoStep-v0", 0, 0)).containsExactly(0, 2);
    assertThat(play("TwoStep-v0", 0, 1)).containsExactly(0, 0.5);
    assertThat(play("TwoStep-v0", 1, 0)).containsExactly(0, 1);
    assertThat(play("TwoStep-v0", 1, 1)).containsExactly(0, 1);
    assertThat(play("GridWorld-v0", 0, 0, 2, 2)).containsExactly(-0.01, -0.01, -0.01, 0.5);
    assertThat(play("GridWorld-v0", 1, 1, 3, 3)).containsExactly(-0.01, -0.01, -0.01, 1);
    assertThat(play("Bandit-v0", 3)).containsExactly(1);
  }

  @Test
  void discrete2DMovesByItsLengthTowardsTheGoal() {
    VectorEnvironment vector =
        new VectorEnvironment(
            environments.find("Discrete2D-v0", Map.of("directions", "5")),
            1,
            AutoresetMode.DISABLED,
            () -> 0);
    vector.reset(0);
    // default_rng(0).uniform(-1, 1, 4), in single precision.
    assertThat(vector.observations().get(0)).isEqualTo(0.27392337f);
    assertThat(vector.observations().get(3)).isEqualTo(-0.96694475f);
    vector.actions().choices()[0] = 1;
    vector.step();
    assertThat(vector.observations().get(0)).isEqualTo(0.27392337f + 0.05f);
    assertThat(vector.rewards()[0]).isCloseTo(-1.34129, within(1e-5));
  }

  private double[] play(String id, int... actions) {
    VectorEnvironment vector =
        new VectorEnvironment(environments.find(id, Map.of()), 1, AutoresetMode.DISABLED, () -> 0);
    vector.reset(0);
    double[] rewards = new double[actions.length];
    for (int i = 0; i < actions.length; i++) {
      vector.actions().choices()[0] = actions[i];
      vector.step();
      rewards[i] = vector.rewards()[0];
      assertThat(vector.terminated()[0]).isEqualTo(i == actions.length - 1);
    }
    return rewards;
  }

  /** Counts to its goal. */
  static final class Counter implements Environment {
    private final int goal;
    private int count;

    Counter(EnvironmentOptions options) {
      goal = options.integer("goal", 5, 1, 100);
    }

    @Override
    public Space observationSpace() {
      return Space.discrete(goal + 1);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(1);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      count = 0;
      first.observe(0, 0f);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      count++;
      next.observe(0, (float) count);
      if (count == goal) {
        next.terminate();
      }
      return 1;
    }

    @Override
    public Object state() {
      return count;
    }

    @Override
    public void restore(Object state) {
      count = (Integer) state;
    }
  }
}
