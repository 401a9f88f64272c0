package dev.troupe.rollout.environment.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.environment.AutoresetMode;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.VectorEnvironment;
import dev.troupe.rollout.environment.check.CheckReport;
import dev.troupe.rollout.environment.check.EnvironmentChecker;
import dev.troupe.rollout.environment.check.Finding;
import dev.troupe.rollout.environment.check.Rule;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks as environments among others, where MuJoCo is on this machine. */
class MujocoCheckTest {
  private static final MujocoInstallation HERE = new MujocoInstallation(System.getenv());
  private static final EnvironmentChecker.Settings SETTINGS =
      new EnvironmentChecker.Settings(3, 400, Duration.ofMinutes(2));

  private static boolean isMissing(String id) {
    if (HERE.library().isPresent() && HERE.models().isPresent()) {
      return false;
    }
    assertThatThrownBy(() -> Environments.standard().find(id, Map.of()))
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("What helps: ");
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hopper-v5", "HalfCheetah-v5", "Ant-v5", "Humanoid-v5", "Reacher-v5"})
  void keepsToEveryRule(String id) throws InterruptedException {
    if (isMissing(id)) {
      return;
    }
    CheckReport report =
        new EnvironmentChecker(Thread.ofPlatform().daemon().factory())
            .check(Environments.standard().find(id, Map.of()), SETTINGS);
    for (Finding finding : report.findings()) {
      assertThat(finding.verdict())
          .as("%s: %s", finding.rule(), finding.found())
          .isEqualTo(Finding.Verdict.GOOD);
    }
    assertThat(report.finding(Rule.STATE_COMPLETE).verdict()).isEqualTo(Finding.Verdict.GOOD);
  }

  @Test
  void goesOnFromASnapshotBitByBit() {
    if (isMissing("Walker2d-v5")) {
      return;
    }
    EnvironmentSource source =
        Environments.standard().find("Walker2d-v5", Map.of("time-limit", "30"));
    try (var first = vector(source);
        var second = vector(source)) {
      first.reset(5);
      play(first, 20);
      second.restore(first.snapshot());
      play(first, 50);
      play(second, 50);
      for (int i = 0; i < first.observations().capacity(); i++) {
        assertThat(second.observations().get(i)).isEqualTo(first.observations().get(i));
      }
      assertThat(second.rewards()).isEqualTo(first.rewards());
    }
  }

  private static VectorEnvironment vector(EnvironmentSource source) {
    return new VectorEnvironment(source, 3, AutoresetMode.SAME_STEP, () -> 0);
  }

  private static void play(VectorEnvironment vector, int steps) {
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < vector.actions().values().length; i++) {
        vector.actions().values()[i] = (float) Math.sin(i + step);
      }
      vector.step();
    }
  }
}
