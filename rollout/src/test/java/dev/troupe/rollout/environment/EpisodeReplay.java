package dev.troupe.rollout.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import java.util.Map;

/** Plays a recorded trace of Gymnasium's again, open loop, and compares every number. */
final class EpisodeReplay {
  private final VectorEnvironment environment;
  private final JsonObject trace;
  private final double[][] observations;
  private final double[][] resets;
  private final double[] rewards;
  private final boolean[] terminated;
  private final boolean[] truncated;
  private final double observationError;
  private final double rewardError;

  EpisodeReplay(
      String id,
      Map<String, String> options,
      JsonObject trace,
      double observationError,
      double rewardError) {
    EnvironmentSource source = Environments.standard().find(id, options);
    environment = new VectorEnvironment(source, 1, AutoresetMode.DISABLED, () -> 0);
    this.trace = trace;
    observations = rows(trace.getAsJsonArray("obs"));
    resets = rows(trace.getAsJsonArray("reset_obs"));
    rewards = Oracle.vector(trace.get("reward"));
    terminated = Oracle.mask(trace.get("terminated"));
    truncated = Oracle.mask(trace.get("truncated"));
    this.observationError = observationError;
    this.rewardError = rewardError;
  }

  private static double[][] rows(JsonArray array) {
    if (!array.get(0).isJsonArray()) {
      double[] flat = Oracle.vector(array);
      double[][] rows = new double[flat.length][];
      for (int i = 0; i < flat.length; i++) {
        rows[i] = new double[] {flat[i]};
      }
      return rows;
    }
    return Oracle.matrix(array);
  }

  /** Plays all episodes. */
  void play() {
    JsonArray actions = trace.getAsJsonArray("actions");
    long[] starts = Oracle.integers(trace.get("episode_start"));
    boolean[] all = {true};
    int episode = 0;
    for (int i = 0; i < actions.size(); i++) {
      if (episode < starts.length && starts[episode] == i) {
        if (episode == 0) {
          environment.reset(trace.get("seed").getAsLong());
        } else {
          environment.reset(all);
        }
        compare("reset of episode " + episode, resets[episode], observationError);
        episode++;
      }
      if (actions.get(i).isJsonArray()) {
        environment.actions().values()[0] = actions.get(i).getAsJsonArray().get(0).getAsFloat();
      } else {
        environment.actions().choices()[0] = actions.get(i).getAsInt();
      }
      environment.step();
      String where = "step " + i;
      compare(where, observations[i], observationError);
      assertThat(environment.rewards()[0]).as(where).isCloseTo(rewards[i], within(rewardError));
      assertThat(environment.terminated()[0]).as(where).isEqualTo(terminated[i]);
      assertThat(environment.truncated()[0]).as(where).isEqualTo(truncated[i]);
    }
  }

  private void compare(String where, double[] expected, double error) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) environment.observations().get(i))
          .as("%s, number %d", where, i)
          .isCloseTo(expected[i], within(error));
    }
  }
}
