package dev.troupe.rollout.environment.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.VectorEnvironment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrappersTest {
  @Test
  void stacksFramesOldestFirst() {
    VectorEnvironment plain = vector("MountainCar-v0", Map.of());
    VectorEnvironment stacked = vector("MountainCar-v0", Map.of("frame-stack", "3"));
    assertThat(stacked.observationSpace().shape()).containsExactly(3, 2);
    plain.reset(0);
    stacked.reset(0);
    float first = plain.observations().get(0);
    assertThat(stacked.observations().get(0)).isEqualTo(first);
    assertThat(stacked.observations().get(4)).isEqualTo(first);
    plain.step();
    stacked.step();
    assertThat(stacked.observations().get(2)).isEqualTo(first);
    assertThat(stacked.observations().get(4)).isEqualTo(plain.observations().get(0));
    assertThat(stacked.observations().get(5)).isEqualTo(plain.observations().get(1));
  }

  @Test
  void showsChoicesOneHot() {
    VectorEnvironment lake =
        vector("FrozenLake-v1", Map.of("one-hot", "true", "is-slippery", "no"));
    assertThat(lake.observationSpace().size()).isEqualTo(16);
    lake.reset(0);
    assertThat(lake.observations().get(0)).isEqualTo(1);
    lake.actions().choices()[0] = 2;
    lake.step();
    assertThat(lake.observations().get(0)).isZero();
    assertThat(lake.observations().get(1)).isEqualTo(1);
  }

  @Test
  void stretchesActionsOverTheBox() {
    VectorEnvironment plain = vector("Pendulum-v1", Map.of());
    VectorEnvironment rescaled = vector("Pendulum-v1", Map.of("rescale-action", "true"));
    plain.reset(3);
    rescaled.reset(3);
    plain.actions().values()[0] = 1.5f;
    rescaled.actions().values()[0] = 0.75f;
    plain.step();
    rescaled.step();
    assertThat(rescaled.observations()).isEqualTo(plain.observations());
    assertThat(rescaled.rewards()).isEqualTo(plain.rewards());
  }

  @Test
  void clipsActionsBeforeTheyCost() {
    VectorEnvironment car = vector("MountainCarContinuous-v0", Map.of());
    VectorEnvironment clipped = vector("MountainCarContinuous-v0", Map.of("clip-action", "true"));
    car.reset(0);
    clipped.reset(0);
    car.actions().values()[0] = 3;
    clipped.actions().values()[0] = 3;
    car.step();
    clipped.step();
    assertThat(car.rewards()[0]).isEqualTo(-0.9);
    assertThat(clipped.rewards()[0]).isEqualTo(-0.1);
  }

  @Test
  void scalesAndClipsRewards() {
    VectorEnvironment cliff =
        vector("CliffWalking-v1", Map.of("scale-reward", "0.5", "clip-reward", "-10, 10"));
    cliff.reset(0);
    cliff.actions().choices()[0] = 0;
    cliff.step();
    assertThat(cliff.rewards()[0]).isEqualTo(-0.5);
    cliff.actions().choices()[0] = 1;
    cliff.step();
    cliff.actions().choices()[0] = 2;
    cliff.step();
    assertThat(cliff.rewards()[0]).isEqualTo(-10);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> vector("CartPole-v1", Map.of("one-hot", "true")))
        .hasMessageContaining("option [one-hot] of environment [CartPole-v1]");
    assertThatThrownBy(() -> vector("CartPole-v1", Map.of("rescale-action", "true")))
        .hasMessageContaining("2 choices");
    assertThatThrownBy(() -> vector("CartPole-v1", Map.of("clip-reward", "3,1")))
        .hasMessageContaining("least, most");
  }

  private static VectorEnvironment vector(String id, Map<String, String> options) {
    return new VectorEnvironment(
        Environments.standard().find(id, options), 1, AutoresetMode.DISABLED, () -> 0);
  }
}
