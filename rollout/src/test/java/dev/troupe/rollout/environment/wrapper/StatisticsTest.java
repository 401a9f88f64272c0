package dev.troupe.rollout.environment.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Stable-Baselines3 and Gymnasium. */
class StatisticsTest {
  private static final JsonObject ORACLE = Oracle.read("running_stats");

  @Test
  void mergesBatchesAsStableBaselinesDoes() {
    RunningStatistics[] columns = {
      new RunningStatistics(1), new RunningStatistics(1), new RunningStatistics(1)
    };
    for (JsonObject step : Oracle.objects(ORACLE.get("rms_trace"))) {
      double[][] batch = Oracle.matrix(step.get("batch"));
      double[] mean = Oracle.vector(step.get("mean"));
      double[] variance = Oracle.vector(step.get("var"));
      for (int c = 0; c < 3; c++) {
        int column = c;
        columns[c].update(Stream.of(batch).mapToDouble(row -> row[column]).toArray());
        assertClose(columns[c].mean(0), mean[c], 1e-10);
        assertClose(columns[c].variance(0), variance[c], 1e-10);
      }
      assertClose(columns[0].count(), step.get("count").getAsDouble(), 1e-10);
    }
  }

  @Test
  void combinesTwoStatistics() {
    JsonObject combine = ORACLE.getAsJsonObject("rms_combine");
    double[][] first = Oracle.matrix(combine.get("batch_a"));
    double[][] second = Oracle.matrix(combine.get("batch_b"));
    for (int c = 0; c < 3; c++) {
      int column = c;
      var a = new RunningStatistics(1);
      var b = new RunningStatistics(1);
      a.update(Stream.of(first).mapToDouble(row -> row[column]).toArray());
      b.update(Stream.of(second).mapToDouble(row -> row[column]).toArray());
      a.merge(b.state());
      JsonArray expected = combine.getAsJsonArray("a_combined_with_b");
      assertClose(a.mean(0), expected.get(0).getAsJsonArray().get(c).getAsDouble(), 1e-10);
      assertClose(a.variance(0), expected.get(1).getAsJsonArray().get(c).getAsDouble(), 1e-10);
    }
  }

  static List<JsonObject> traces() {
    return Oracle.objects(ORACLE.get("vec_normalize"));
  }

  @ParameterizedTest
  @MethodSource("traces")
  void normalisesAVectorAsVecNormalizeDoes(JsonObject trace) {
    JsonArray observations = trace.getAsJsonArray("raw_obs");
    JsonArray rewards = trace.getAsJsonArray("raw_rewards");
    int lanes = rewards.get(0).getAsJsonArray().size();
    int size = Oracle.matrix(observations.get(0))[0].length;
    var normalizer =
        new VectorNormalizer(
            lanes,
            size,
            trace.get("gamma").getAsDouble(),
            trace.get("epsilon").getAsDouble(),
            trace.get("clip_obs").getAsDouble(),
            trace.get("clip_reward").getAsDouble());
    FloatBuffer shown = FloatBuffer.allocate(lanes * size);
    float[] scaled = new float[lanes];
    normalizer.reset(rows(Oracle.matrix(observations.get(0))), shown);
    assertRows(shown, Oracle.matrix(trace.get("reset_obs")));
    List<JsonObject> steps = Oracle.objects(trace.get("steps"));
    for (int t = 0; t < steps.size(); t++) {
      if (t == trace.get("frozen_from_step").getAsInt()) {
        normalizer.freeze();
      }
      JsonObject step = steps.get(t);
      normalizer.observe(rows(Oracle.matrix(observations.get(t + 1))), shown);
      normalizer.reward(
          Oracle.vector(rewards.get(t)), Oracle.mask(trace.getAsJsonArray("dones").get(t)), scaled);
      assertRows(shown, Oracle.matrix(step.get("obs")));
      for (int lane = 0; lane < lanes; lane++) {
        assertClose(scaled[lane], Oracle.vector(step.get("reward"))[lane], 1e-5);
        assertClose(
            normalizer.discountedReturns()[lane],
            Oracle.vector(step.get("returns_after"))[lane],
            1e-10);
      }
      for (int i = 0; i < size; i++) {
        // The reference takes the mean of a batch in single precision.
        RunningStatistics statistics = normalizer.observationStatistics();
        assertClose(statistics.mean(i), Oracle.vector(step.get("obs_mean"))[i], 1e-6);
        assertClose(statistics.variance(i), Oracle.vector(step.get("obs_var"))[i], 1e-6);
      }
      RunningStatistics returns = normalizer.returnStatistics();
      assertClose(returns.mean(0), step.get("ret_mean").getAsDouble(), 1e-10);
      assertClose(returns.variance(0), step.get("ret_var").getAsDouble(), 1e-10);
    }
  }

  @Test
  void normalisesObservationsAsGymnasiumDoes() {
    plays("normalize_observation", NormalizeObservation::new);
  }

  @Test
  void normalisesRewardsAsGymnasiumDoes() {
    plays("normalize_reward", inner -> new NormalizeReward(inner, 0.99));
  }

  private static void plays(String key, Function<Environment, Environment> wrap) {
    JsonObject oracle = ORACLE.getAsJsonObject("gymnasium_wrappers");
    Environment wrapped =
        wrap.apply(
            new Scripted(
                Oracle.matrix(oracle.get("raw_obs_by_call")),
                Oracle.vector(oracle.get("raw_reward_by_call")),
                Oracle.mask(oracle.get("terminated_by_call"))));
    Transition seen = Transition.of(wrapped.observationSpace());
    Action action = new Actions(wrapped.actionSpace(), 1).of(0);
    Pcg64 random = new Pcg64(0);
    for (var row : oracle.getAsJsonArray(key)) {
      JsonArray call = row.getAsJsonArray();
      seen.clear();
      if (call.get(0).getAsString().equals("reset")) {
        wrapped.reset(random, seen);
      } else {
        double reward = wrapped.step(action, random, seen);
        assertClose(reward, call.get(2).getAsDouble(), 1e-5);
        assertThat(seen.terminated()).isEqualTo(call.get(3).getAsBoolean());
      }
      double[] expected = Oracle.vector(call.get(1));
      assertClose(seen.observed(0), expected[0], 1e-5);
      assertClose(seen.observed(1), expected[1], 1e-5);
    }
  }

  private static FloatBuffer rows(double[][] rows) {
    FloatBuffer buffer = FloatBuffer.allocate(rows.length * rows[0].length);
    for (double[] row : rows) {
      for (double value : row) {
        buffer.put((float) value);
      }
    }
    return buffer;
  }

  private static void assertRows(FloatBuffer actual, double[][] expected) {
    for (int r = 0; r < expected.length; r++) {
      for (int c = 0; c < expected[r].length; c++) {
        assertClose(actual.get(r * expected[r].length + c), expected[r][c], 1e-5);
      }
    }
  }

  private static void assertClose(double actual, double expected, double error) {
    assertThat(actual).isCloseTo(expected, within(error * Math.max(1, Math.abs(expected))));
  }

  /** Hands out entry i of each list at its i-th call. */
  private static final class Scripted implements Environment {
    private final double[][] observations;
    private final double[] rewards;
    private final boolean[] ends;
    private int call;

    Scripted(double[][] observations, double[] rewards, boolean[] ends) {
      this.observations = observations;
      this.rewards = rewards;
      this.ends = ends;
    }

    @Override
    public Space observationSpace() {
      return Space.box(-100, 100, 2);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      double[] observation = observations[call];
      first.observe(0, observation[0]);
      first.observe(1, observation[1]);
      call++;
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      int now = call;
      reset(random, next);
      if (ends[now]) {
        next.terminate();
      }
      return rewards[now];
    }

    @Override
    public Object state() {
      return call;
    }

    @Override
    public void restore(Object state) {
      call = (Integer) state;
    }
  }
}
