package dev.troupe.deploy.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.deploy.report.LedgerJson;
import dev.troupe.deploy.watch.RunView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A run's view as JSON; what isn't known is null. {@link ViewReader} reads it. */
public final class ViewJson {
  private ViewJson() {}

  /**
   * The view with the points of its history from number {@code from} on.
   *
   * @param reset whether the reader shall forget the points that it has
   */
  public static JsonObject of(RunView view, int from, boolean reset) {
    JsonObject json = new JsonObject();
    json.addProperty("name", view.name());
    json.addProperty("phase", view.phase().name().toLowerCase(Locale.ROOT));
    json.addProperty("stage", view.stage().name().toLowerCase(Locale.ROOT));
    json.addProperty("detail", view.detail());
    json.addProperty("supervisedStep", view.supervisedStep());
    json.addProperty("supervisedSteps", view.supervisedSteps());
    json.addProperty("update", view.update());
    json.addProperty("updatesMax", view.updatesMax());
    json.addProperty("step", view.step());
    json.add("loss", number(view.loss()));
    json.add("reward", number(view.reward()));
    json.add("accuracyBefore", number(view.accuracyBefore()));
    json.add("accuracy", number(view.accuracy()));
    json.add("best", number(view.best()));
    json.add("lagMean", number(view.lagMean()));
    json.add("lagMax", number(view.lagMax()));
    json.add("samplingError", number(view.samplingError()));
    json.add("samplingTokensPerSecond", number(view.rates().samplingTokensPerSecond()));
    json.add(
        "learningTokensPerSecond",
        number(
            view.update() == 0
                ? view.supervisedTokensPerSecond()
                : view.rates().learningTokensPerSecond()));
    json.add("samplingIdleShare", number(view.rates().samplingIdleShare()));
    json.add("learningIdleShare", number(view.rates().learningIdleShare()));
    json.add("ledger", LedgerJson.write(view.ledger()));
    json.add("difficulties", difficulties(view));
    json.add("samples", samples(view.samples()));
    json.add("judges", JudgesJson.write(view.judges()));
    json.add("stall", view.stall().map(ViewJson::stall).orElse(JsonNull.INSTANCE));
    json.addProperty("restarts", view.restarts());
    json.addProperty("elapsedSeconds", view.elapsed().toMillis() / 1000.0);
    json.add(
        "leftSeconds",
        view.left()
            .<JsonElement>map(left -> new JsonPrimitive(left.toMillis() / 1000.0))
            .orElse(JsonNull.INSTANCE));
    json.addProperty("measure", view.measure().name().toLowerCase(Locale.ROOT));
    json.addProperty("reset", reset);
    json.add("points", points(view.history().subList(from, view.history().size())));
    return json;
  }

  private static JsonArray difficulties(RunView view) {
    JsonArray array = new JsonArray();
    view.difficulties().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              JsonObject difficulty = new JsonObject();
              difficulty.addProperty("difficulty", entry.getKey());
              difficulty.addProperty("judged", entry.getValue().judged());
              difficulty.add("reward", number(entry.getValue().rewardMean()));
              difficulty.addProperty("dropped", entry.getValue().dropped());
              array.add(difficulty);
            });
    return array;
  }

  private static JsonArray samples(List<RunView.Sample> samples) {
    JsonArray array = new JsonArray();
    for (RunView.Sample sample : samples) {
      JsonObject json = new JsonObject();
      json.addProperty("prompt", sample.prompt());
      json.addProperty("answer", sample.answer());
      json.addProperty("expected", sample.expected());
      json.addProperty("outcome", sample.outcome());
      json.addProperty("right", sample.right());
      json.addProperty("policy", sample.policy());
      array.add(json);
    }
    return array;
  }

  private static JsonElement stall(RunView.Stall stall) {
    JsonObject json = new JsonObject();
    json.addProperty("actor", stall.actor());
    json.addProperty("waitsFor", stall.waitsFor());
    json.addProperty("sinceSeconds", stall.since().toMillis() / 1000.0);
    return json;
  }

  /** Each point is an array, in the order of the page's columns. */
  private static JsonArray points(List<RunView.Point> points) {
    JsonArray array = new JsonArray();
    for (RunView.Point point : points) {
      JsonArray numbers = new JsonArray();
      numbers.add(point.step());
      numbers.add(number(point.reward()));
      numbers.add(number(point.accuracy()));
      numbers.add(number(point.lagMean()));
      numbers.add(number(point.samplingTokensPerSecond()));
      numbers.add(number(point.learningTokensPerSecond()));
      numbers.add(number(point.samplingIdleShare()));
      numbers.add(number(point.learningIdleShare()));
      numbers.add(number(point.samplingError()));
      array.add(numbers);
    }
    return array;
  }

  private static JsonElement number(OptionalDouble number) {
    return number.isPresent() ? number(number.getAsDouble()) : JsonNull.INSTANCE;
  }

  static JsonElement number(double number) {
    return Double.isFinite(number)
        ? new JsonPrimitive(Math.round(number * 1e6) / 1e6)
        : JsonNull.INSTANCE;
  }
}
