package dev.troupe.rollout.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.rollout.Oracle;
import dev.troupe.rollout.random.Pcg64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole episodes of Gymnasium's, played again from their seeds without looking at its states. */
class GymnasiumTracesTest {
  @ParameterizedTest
  @CsvSource({
    "cartpole, CartPole-v1, 0, 0",
    "acrobot, Acrobot-v1, 1e-9, 0",
    "pendulum, Pendulum-v1, 0, 2e-15",
    "mountain_car, MountainCar-v0, 0, 0",
    "mountain_car_continuous, MountainCarContinuous-v0, 0, 0"
  })
  void classicControlGivesTheSameNumbers(
      String oracle, String id, double observationError, double rewardError) {
    for (JsonObject trace : Oracle.objects(Oracle.read(oracle).get("traces"))) {
      new EpisodeReplay(id, Map.of(), trace, observationError, rewardError).play();
    }
  }

  @Test
  void aTimeLimitOnTheTerminalStepSetsBothFlags() {
    JsonObject trace = Oracle.read("cartpole").getAsJsonObject("timelimit_on_terminal_step");
    new EpisodeReplay("CartPole-v1", Map.of("time-limit", "8"), trace, 0, 0).play();
  }

  @Test
  void cartPoleHasTheRewardOfSuttonAndBarto() {
    JsonObject trace = Oracle.read("cartpole").getAsJsonObject("sutton_barto_reward");
    new EpisodeReplay("CartPole-v1", Map.of("sutton_barto_reward", "true"), trace, 0, 0).play();
  }

  @Test
  void cartPoleBeginsWithinTheBoundsThatAreGiven() {
    JsonObject cases = Oracle.read("cartpole").getAsJsonObject("reset_options");
    Pcg64 random = new Pcg64(cases.get("seed").getAsLong());
    double[][] expected = Oracle.matrix(cases.get("obs"));
    for (int i = 0; i < expected.length; i++) {
      if (cases.getAsJsonArray("reseeded").get(i).getAsBoolean()) {
        random = new Pcg64(cases.get("seed").getAsLong());
      }
      var options = new HashMap<String, String>();
      JsonElement low = cases.getAsJsonArray("low").get(i);
      if (!low.isJsonNull()) {
        options.put("reset-low", low.getAsString());
        options.put("reset-high", cases.getAsJsonArray("high").get(i).getAsString());
      }
      Environment environment = Environments.standard().find("CartPole-v1", options).create();
      Transition first = Transition.of(environment.observationSpace());
      environment.reset(random, first);
      for (int number = 0; number < 4; number++) {
        assertThat((double) first.observed(number)).isEqualTo(expected[i][number]);
      }
    }
  }

  @Test
  void toyTextGivesTheSameNumbers() {
    List<JsonObject> traces = Oracle.objects(Oracle.read("toy_text").get("traces"));
    assertThat(traces).hasSize(21);
    for (JsonObject trace : traces) {
      var options = new HashMap<String, String>();
      trace
          .getAsJsonObject("kwargs")
          .entrySet()
          .forEach(option -> options.put(option.getKey(), option.getValue().getAsString()));
      new EpisodeReplay(trace.get("env").getAsString(), options, trace, 0, 0).play();
    }
  }

  @Test
  void spacesHaveGymnasiumsBounds() {
    Map<String, String> ids =
        Map.of(
            "cartpole", "CartPole-v1",
            "acrobot", "Acrobot-v1",
            "pendulum", "Pendulum-v1",
            "mountain_car", "MountainCar-v0",
            "mountain_car_continuous", "MountainCarContinuous-v0");
    ids.forEach(
        (oracle, id) -> {
          JsonObject expected = Oracle.read(oracle);
          Environment environment = Environments.standard().find(id, Map.of()).create();
          var box = (Space.Box) environment.observationSpace();
          for (int i = 0; i < box.size(); i++) {
            assertThat((double) box.low().at(i))
                .isCloseTo(bound(expected.getAsJsonArray("obs_low").get(i)), within(0.0));
            assertThat((double) box.high().at(i))
                .isCloseTo(bound(expected.getAsJsonArray("obs_high").get(i)), within(0.0));
          }
        });
  }

  private static double bound(JsonElement element) {
    return switch (element.getAsString()) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> element.getAsDouble();
    };
  }
}
