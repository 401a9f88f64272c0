package dev.troupe.rollout.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.random.Pcg64;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorEnvironmentTest {
  static Stream<JsonObject> tables() {
    return Oracle.objects(Oracle.read("vector_autoreset").get("tables")).stream();
  }

  static Stream<String> ids() {
    return Environments.standard().kinds().stream()
        .filter(kind -> !kind.about().endsWith("(MuJoCo)"))
        .map(EnvironmentKind::id);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void resetsAsSyncVectorEnvDoes(JsonObject table) {
    AutoresetMode mode = AutoresetMode.valueOf(table.get("mode").getAsString());
    VectorEnvironment vector =
        vector(
            "CartPole-v1",
            Map.of("time-limit", table.get("max_episode_steps").getAsString()),
            3,
            mode);
    vector.reset(table.get("seed_arg").getAsLong());
    compare(vector, table.get("reset_obs").getAsJsonArray());
    JsonArray actions = table.getAsJsonArray("actions");
    int finals = 0;
    boolean[] wasOver = new boolean[3];
    for (int t = 0; t < actions.size(); t++) {
      for (int lane = 0; lane < 3; lane++) {
        vector.actions().choices()[lane] = actions.get(t).getAsJsonArray().get(lane).getAsInt();
      }
      vector.step();
      compare(vector, row(table, "obs", t));
      assertThat(vector.rewards()).isEqualTo(Oracle.vector(row(table, "rewards", t)));
      assertThat(vector.terminated()).isEqualTo(Oracle.mask(row(table, "terminations", t)));
      assertThat(vector.truncated()).isEqualTo(Oracle.mask(row(table, "truncations", t)));
      assertThat(vector.hasFinal()).isEqualTo(Oracle.mask(row(table, "final_obs_mask", t)));
      for (int lane = 0; lane < 3; lane++) {
        assertThat(vector.inserted()[lane])
            .isEqualTo(mode == AutoresetMode.NEXT_STEP && wasOver[lane]);
        wasOver[lane] = vector.terminated()[lane] || vector.truncated()[lane];
        if (vector.hasFinal()[lane]) {
          finals++;
          double[] expected = Oracle.vector(row(table, "final_obs", t).get(lane));
          for (int i = 0; i < 4; i++) {
            assertThat((double) vector.finalObservations().get(lane * 4 + i))
                .isEqualTo(expected[i]);
          }
        }
      }
      if (mode == AutoresetMode.DISABLED) {
        vector.reset(Oracle.mask(row(table, "reset_mask_after_step", t)));
        if (!table.getAsJsonArray("obs_after_masked_reset").get(t).isJsonNull()) {
          compare(vector, row(table, "obs_after_masked_reset", t));
        }
      }
    }
    assertThat(finals > 0).isEqualTo(mode == AutoresetMode.SAME_STEP);
  }

  private static JsonArray row(JsonObject table, String key, int t) {
    return table.getAsJsonArray(key).get(t).getAsJsonArray();
  }

  private static void compare(VectorEnvironment vector, JsonArray rows) {
    double[][] expected = Oracle.matrix(rows);
    for (int lane = 0; lane < expected.length; lane++) {
      for (int i = 0; i < 4; i++) {
        assertThat((double) vector.observations().get(lane * 4 + i))
            .isCloseTo(expected[lane][i], within(0.0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void goesOnBitForBitInTheMiddleOfAnEpisode(String id) {
    VectorEnvironment one = vector(id, Map.of(), 5, AutoresetMode.SAME_STEP);
    Pcg64 policy = new Pcg64(3);
    one.reset(11);
    run(one, policy, 37);
    PluginPayload snapshot = one.snapshot();
    VectorEnvironment other = vector(id, Map.of(), 5, AutoresetMode.SAME_STEP);
    other.restore(snapshot);
    assertThat(other.observations()).isEqualTo(one.observations());
    Pcg64 samePolicy = Pcg64.of(policy.state());
    for (int i = 0; i < 50; i++) {
      run(one, policy, 10);
      run(other, samePolicy, 10);
      assertThat(other.observations()).isEqualTo(one.observations());
      assertThat(other.rewards()).isEqualTo(one.rewards());
      assertThat(other.terminated()).isEqualTo(one.terminated());
      assertThat(other.truncated()).isEqualTo(one.truncated());
      assertThat(other.episodeReturns()).isEqualTo(one.episodeReturns());
      assertThat(other.episodeLengths()).isEqualTo(one.episodeLengths());
    }
  }

  @Test
  void goesOnWithWrappersAroundIt() {
    Map<String, String> options =
        Map.of(
            "normalize-observation", "true",
            "normalize-reward", "true",
            "frame-stack", "3",
            "rescale-action", "true");
    VectorEnvironment one = vector("Pendulum-v1", options, 2, AutoresetMode.NEXT_STEP);
    one.reset(1);
    Pcg64 policy = new Pcg64(9);
    run(one, policy, 205);
    VectorEnvironment other = vector("Pendulum-v1", options, 2, AutoresetMode.NEXT_STEP);
    other.restore(one.snapshot());
    Pcg64 samePolicy = Pcg64.of(policy.state());
    run(one, policy, 300);
    run(other, samePolicy, 300);
    assertThat(other.observations()).isEqualTo(one.observations());
    assertThat(other.rewards()).isEqualTo(one.rewards());
  }

  @Test
  void refusesTheSnapshotOfOtherEnvironments() {
    VectorEnvironment two = vector("CartPole-v1", Map.of(), 2, AutoresetMode.SAME_STEP);
    two.reset(0);
    PluginPayload snapshot = two.snapshot();
    VectorEnvironment three = vector("CartPole-v1", Map.of(), 3, AutoresetMode.SAME_STEP);
    assertThatThrownBy(() -> three.restore(snapshot))
        .hasMessageContaining("has [2] lanes")
        .hasMessageContaining("expected [3] lanes");
    VectorEnvironment other = vector("Acrobot-v1", Map.of(), 2, AutoresetMode.SAME_STEP);
    assertThatThrownBy(() -> other.restore(snapshot)).hasMessageContaining("CartPole-v1");
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aStepAllocatesNothing(String id) {
    VectorEnvironment vector = vector(id, Map.of(), 8, AutoresetMode.SAME_STEP);
    Pcg64 policy = new Pcg64(0);
    vector.reset(0);
    run(vector, policy, 300);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(vector, policy, 1000);
    // Asking costs a little itself; 8,000 steps that made anything would cost 100,000 bytes.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
  }

  @Test
  void failuresNameEnvironmentSeedAndStep() {
    assertFails(Broken.THROWS, EnvironmentFailure.Kind.THREW, "no more");
    assertFails(Broken.NAN, EnvironmentFailure.Kind.OBSERVATION_NOT_FINITE, "number [1]");
    assertFails(Broken.UNWRITTEN, EnvironmentFailure.Kind.OBSERVATION_NOT_FINITE, "written");
    assertFails(Broken.REWARD, EnvironmentFailure.Kind.REWARD_NOT_FINITE, "[NaN]");
    assertFails(Broken.SHAPE, EnvironmentFailure.Kind.WRONG_SHAPE, "no number [2]");
  }

  private static void assertFails(Broken how, EnvironmentFailure.Kind kind, String detail) {
    var made = new AtomicLong();
    VectorEnvironment vector =
        new VectorEnvironment(
            EnvironmentSource.of(
                "broken",
                0,
                () -> new FailsAtThirdStep(made.getAndIncrement() == 0 ? how : Broken.NOTHING)),
            2,
            AutoresetMode.SAME_STEP,
            () -> 0);
    vector.reset(40);
    vector.step();
    vector.step();
    assertThatThrownBy(vector::step)
        .isInstanceOfSatisfying(
            EnvironmentFailedException.class,
            e -> {
              EnvironmentFailure failure = e.failure();
              assertThat(failure.environment()).isEqualTo("broken");
              assertThat(failure.kind()).isEqualTo(kind);
              assertThat(failure.seed()).isEqualTo(40);
              assertThat(failure.lane()).isZero();
              assertThat(failure.episode()).isZero();
              assertThat(failure.step()).isEqualTo(3);
              assertThat(failure.detail()).contains(detail);
            })
        .hasMessageContaining("environment [broken]")
        .hasMessageContaining("step [3] of episode [0] of seed [40]");
    vector.replace(0);
    vector.step();
    assertThat(vector.episodeLengths()).containsExactly(1, 3);
  }

  @Test
  void anEnvironmentThatHangsIsNamed() {
    AtomicLong now = new AtomicLong();
    var hung = new ArrayList<EnvironmentFailure>();
    var vectors = new VectorEnvironment[1];
    Environment slow =
        new FailsAtThirdStep(Broken.NOTHING) {
          @Override
          public double step(Action action, Pcg64 random, Transition next) {
            now.addAndGet(Duration.ofSeconds(3).toNanos());
            vectors[0].overdue(Duration.ofSeconds(2)).ifPresent(hung::add);
            vectors[0].overdue(Duration.ofSeconds(5)).ifPresent(hung::add);
            return super.step(action, random, next);
          }
        };
    vectors[0] =
        new VectorEnvironment(
            EnvironmentSource.of("slow", 0, () -> slow), 1, AutoresetMode.SAME_STEP, now::get);
    vectors[0].reset(7);
    vectors[0].step();
    assertThat(hung).hasSize(1);
    assertThat(hung.getFirst().kind()).isEqualTo(EnvironmentFailure.Kind.HUNG);
    assertThat(hung.getFirst().seed()).isEqualTo(7);
    assertThat(hung.getFirst().step()).isEqualTo(1);
    assertThat(vectors[0].overdue(Duration.ZERO)).isEmpty();
  }

  @Test
  void refusesWhatIsNoAction() {
    VectorEnvironment discrete = vector("CartPole-v1", Map.of(), 2, AutoresetMode.SAME_STEP);
    discrete.reset(0);
    discrete.actions().choices()[1] = 2;
    assertThatThrownBy(discrete::step)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lane [1]")
        .hasMessageContaining("2 choices [left, right]")
        .hasMessageContaining("[2]");
    VectorEnvironment box = vector("Pendulum-v1", Map.of(), 1, AutoresetMode.SAME_STEP);
    box.reset(0);
    box.actions().values()[0] = Float.NaN;
    assertThatThrownBy(box::step).hasMessageContaining("[NaN]");
  }

  @Test
  void aLaneAtItsEndHasToBeResetWhereNobodyElseDoes() {
    VectorEnvironment vector = vector("TwoStep-v0", Map.of(), 1, AutoresetMode.DISABLED);
    vector.reset(0);
    vector.step();
    vector.step();
    assertThat(vector.terminated()[0]).isTrue();
    assertThatThrownBy(vector::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lane [0] of [TwoStep-v0]");
  }

  private static VectorEnvironment vector(
      String id, Map<String, String> options, int lanes, AutoresetMode mode) {
    return new VectorEnvironment(Environments.standard().find(id, options), lanes, mode, () -> 0);
  }

  private static void run(VectorEnvironment vector, Pcg64 policy, int steps) {
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < vector.size(); lane++) {
        vector.actions().sample(lane, policy);
      }
      vector.step();
    }
  }

  private enum Broken {
    NOTHING,
    THROWS,
    NAN,
    UNWRITTEN,
    REWARD,
    SHAPE
  }

  private static class FailsAtThirdStep implements Environment {
    private final Broken how;
    private int steps;

    FailsAtThirdStep(Broken how) {
      this.how = how;
    }

    @Override
    public Space observationSpace() {
      return Space.box(-10, 10, 2);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      steps = 0;
      first.observe(new float[] {0, 0});
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      steps++;
      Broken now = steps == 3 ? how : Broken.NOTHING;
      next.observe(0, (float) steps);
      if (now != Broken.UNWRITTEN) {
        next.observe(1, now == Broken.NAN ? Float.NaN : 0f);
      }
      if (now == Broken.SHAPE) {
        next.observe(2, 0f);
      }
      if (now == Broken.THROWS) {
        throw new IllegalStateException("no more");
      }
      return now == Broken.REWARD ? Double.NaN : 1;
    }

    @Override
    public Object state() {
      return steps;
    }

    @Override
    public void restore(Object state) {
      steps = (Integer) state;
    }
  }
}
