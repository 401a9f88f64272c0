package dev.troupe.rollout.environment.toytext;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Gymnasium says beside the observation. */
class TabularTest {
  static List<JsonObject> traces() {
    return Oracle.objects(Oracle.read("toy_text").get("traces"));
  }

  @ParameterizedTest
  @MethodSource("traces")
  void drawsWithTheSameProbabilitiesAndMasksTheSameActions(JsonObject trace) {
    var options = new HashMap<String, String>();
    trace
        .getAsJsonObject("kwargs")
        .entrySet()
        .forEach(option -> options.put(option.getKey(), option.getValue().getAsString()));
    String id = trace.get("env").getAsString();
    var table = (Tabular) Environments.standard().find(id, options).create();
    Actions actions = new Actions(table.actionSpace(), 1);
    Action action = actions.of(0);
    Transition seen = Transition.of(table.observationSpace());
    Pcg64 random = new Pcg64(trace.get("seed").getAsLong());
    long[] chosen = Oracle.integers(trace.get("actions"));
    double[] probabilities = Oracle.vector(trace.get("info_prob"));
    long[] starts = Oracle.integers(trace.get("episode_start"));
    for (int i = 0; i < chosen.length; i++) {
      if (Arrays.binarySearch(starts, i) >= 0) {
        table.reset(random, seen);
      }
      actions.choices()[0] = (int) chosen[i];
      table.step(action, random, seen);
      assertThat(table.probability()).as("step %d", i).isEqualTo(probabilities[i]);
      if (table instanceof Taxi taxi) {
        double[] mask = Oracle.vector(trace.getAsJsonArray("info_action_mask").get(i));
        for (int choice = 0; choice < mask.length; choice++) {
          assertThat(taxi.isUseful(choice)).isEqualTo(mask[choice] == 1);
        }
      }
    }
    table.reset(random, seen);
    assertThat((int) seen.observed(0)).isEqualTo(trace.get("final_reset_obs").getAsInt());
  }

  @Test
  void aFicklePassengerChangesHisMindAsGymnasiumsDoes() {
    Map<String, String> options =
        Map.of("fickle-passenger", "true", "fickle-probability", "1", "is-rainy", "true");
    var taxi = (Taxi) Environments.standard().find("Taxi-v4", options).create();
    Actions actions = new Actions(taxi.actionSpace(), 1);
    Action action = actions.of(0);
    Transition seen = Transition.of(taxi.observationSpace());
    Pcg64 random = new Pcg64(FICKLE_SEED);
    taxi.reset(random, seen);
    var states = new int[FICKLE_ACTIONS.length];
    for (int i = 0; i < states.length; i++) {
      actions.choices()[0] = FICKLE_ACTIONS[i];
      taxi.step(action, random, seen);
      states[i] = (int) seen.observed(0);
    }
    assertThat(states).isEqualTo(FICKLE_STATES);
  }

  // gym.make("Taxi-v4", fickle_passenger=True, fickle_probability=1, is_rainy=True), 1.4.0.
  private static final long FICKLE_SEED = 1;
  private static final int[] FICKLE_ACTIONS = {
    1, 2, 0, 1, 0, 3, 3, 3, 2, 3, 0, 0, 1, 0, 1, 1, 2, 0, 2, 1, 2, 1, 3, 0, 1, 0, 0, 0, 2, 3, 0, 4,
    2
  };
  private static final int[] FICKLE_STATES = {
    152, 252, 352, 252, 272, 252, 232, 212, 232, 212, 312, 412, 312, 412, 312, 212, 232, 332, 352,
    252, 272, 292, 192, 292, 192, 292, 392, 372, 392, 372, 472, 476, 499
  };
}
