package dev.troupe.rollout.environment.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gymnasium's own episodes, where MuJoCo is on this machine; where it isn't, that it is said what
 * helps. Contacts were computed otherwise from version 4 on, so there are traces of both.
 */
class MujocoTracesTest {
  private static final MujocoInstallation HERE = new MujocoInstallation(System.getenv());

  @ParameterizedTest
  @CsvSource({
    "half_cheetah, HalfCheetah-v5, 20, 1e-10",
    "swimmer, Swimmer-v5, 50, 1e-10",
    "walker2d, Walker2d-v5, 50, 1e-10",
    "hopper, Hopper-v5, 50, 1e-10",
    "ant, Ant-v5, 50, 1e-8",
    "humanoid, Humanoid-v5, 10, 1e-6",
    "inverted_pendulum, InvertedPendulum-v5, 50, 1e-10",
    "inverted_double_pendulum, InvertedDoublePendulum-v5, 50, 1e-10",
    "reacher, Reacher-v5, 50, 1e-10"
  })
  void givesGymnasiumsNumbers(String trace, String id, int steps, double error) {
    EnvironmentKind kind =
        MujocoTasks.kinds(System.getenv()).stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow();
    if (HERE.library().isEmpty() || HERE.models().isEmpty()) {
      assertThatThrownBy(() -> kind.make().apply(options(id)))
          .isInstanceOf(BadEnvironmentException.class)
          .hasMessageContaining("pip install mujoco==3.3.7");
      return;
    }
    JsonObject oracle = Oracle.read(name(trace));
    assertThat(kind.timeLimit()).isEqualTo(oracle.get("max_episode_steps").getAsInt());
    try (var replay = new Replay((MujocoEnvironment) kind.make().apply(options(id)), error)) {
      Oracle.objects(oracle.get("resets")).forEach(replay::resets);
      Oracle.objects(oracle.get("traces")).forEach(each -> replay.plays(each, steps));
    }
  }

  /** Of the version that is here, where contacts make a difference. */
  private static String name(String trace) {
    String of337 = "mujoco337_" + trace;
    boolean older =
        MujocoLibrary.load(HERE.library().orElseThrow()).version() == MujocoVersion.V3_3_7;
    boolean there =
        MujocoTracesTest.class.getResource("/oracles/environments/" + of337 + ".json.gz") != null;
    return older && there ? of337 : "mujoco_" + trace;
  }

  private static EnvironmentOptions options(String id) {
    return new EnvironmentOptions(id, Map.of());
  }

  /** One environment against recorded numbers. */
  private static final class Replay implements AutoCloseable {
    private final MujocoEnvironment environment;
    private final Transition transition;
    private final Actions actions;
    private final Action action;
    private final double error;

    Replay(MujocoEnvironment environment, double error) {
      this.environment = environment;
      this.transition = Transition.of(environment.observationSpace());
      this.actions = new Actions(environment.actionSpace(), 1);
      this.action = actions.of(0);
      this.error = error;
    }

    /** A reset with the seed, and another one with the random numbers that come next. */
    void resets(JsonObject expected) {
      Pcg64 random = new Pcg64(expected.get("seed").getAsLong());
      environment.reset(random, transition);
      if (expected.get("obs").isJsonArray()) {
        observed("reset", expected.get("obs").getAsJsonArray());
      }
      world(
          "reset", Oracle.vector(expected.get("qpos")), Oracle.vector(expected.get("qvel")), 1e-15);
      environment.reset(random, transition);
      double[] position = Oracle.vector(expected.get("second_qpos"));
      world("second reset", position, Oracle.vector(expected.get("second_qvel")), 1e-15);
    }

    void plays(JsonObject trace, int steps) {
      environment.begin(Oracle.vector(trace.get("qpos0")), Oracle.vector(trace.get("qvel0")));
      double[][] chosen = Oracle.matrix(trace.get("actions"));
      double[][] positions = Oracle.matrix(trace.get("qpos"));
      double[][] velocities = Oracle.matrix(trace.get("qvel"));
      double[] rewards = Oracle.vector(trace.get("reward"));
      boolean[] terminated = Oracle.mask(trace.get("terminated"));
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < chosen[step].length; i++) {
          actions.values()[i] = (float) chosen[step][i];
        }
        transition.clear();
        String where = "step " + step;
        assertThat(environment.step(action, new Pcg64(0), transition))
            .as(where)
            .isCloseTo(rewards[step], within(error * Math.max(1, Math.abs(rewards[step]))));
        observed(where, trace.getAsJsonArray("obs").get(step).getAsJsonArray());
        world(where, positions[step], velocities[step], error);
        assertThat(transition.terminated()).as(where).isEqualTo(terminated[step]);
      }
    }

    private void observed(String where, JsonArray expected) {
      double[] numbers = Oracle.vector(expected);
      assertThat(numbers).hasSize(transition.size());
      for (int i = 0; i < numbers.length; i++) {
        double close = error * Math.max(1, Math.abs(numbers[i])) + Math.ulp((float) numbers[i]);
        assertThat((double) transition.observed(i))
            .as("%s, number %d", where, i)
            .isCloseTo(numbers[i], within(close));
      }
    }

    private void world(String where, double[] positions, double[] velocities, double error) {
      for (int i = 0; i < positions.length; i++) {
        assertThat(environment.position(i))
            .as("%s, position %d", where, i)
            .isCloseTo(positions[i], within(error * Math.max(1, Math.abs(positions[i]))));
      }
      for (int i = 0; i < velocities.length; i++) {
        assertThat(environment.velocity(i))
            .as("%s, velocity %d", where, i)
            .isCloseTo(velocities[i], within(error * Math.max(1, Math.abs(velocities[i]))));
      }
    }

    @Override
    public void close() {
      environment.close();
    }
  }
}
