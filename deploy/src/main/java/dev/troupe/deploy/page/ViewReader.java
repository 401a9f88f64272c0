package dev.troupe.deploy.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.report.LedgerJson;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Reads what {@link ViewJson} wrote, but for the history: for clients that draw the same run. */
public final class ViewReader {
  private ViewReader() {}

  /** The view in {@code json}, with an empty history. */
  public static RunView read(JsonObject json) {
    long update = json.get("update").getAsLong();
    double learning = number(json.get("learningTokensPerSecond")).orElse(0);
    RunEvent.Rates rates =
        new RunEvent.Rates(
            number(json.get("samplingTokensPerSecond")).orElse(0),
            update == 0 ? 0 : learning,
            number(json.get("samplingIdleShare")).orElse(0),
            number(json.get("learningIdleShare")).orElse(0));
    return new RunView(
        json.get("name").getAsString(),
        Phase.valueOf(json.get("phase").getAsString().toUpperCase(Locale.ROOT)),
        Stage.valueOf(json.get("stage").getAsString().toUpperCase(Locale.ROOT)),
        json.get("detail").getAsString(),
        json.get("supervisedStep").getAsLong(),
        json.get("supervisedSteps").getAsLong(),
        update,
        json.get("updatesMax").getAsLong(),
        json.get("step").getAsLong(),
        number(json.get("loss")),
        number(json.get("reward")),
        number(json.get("accuracyBefore")),
        number(json.get("accuracy")),
        number(json.get("best")),
        number(json.get("lagMean")),
        number(json.get("lagMax")),
        number(json.get("samplingError")),
        rates,
        update == 0 ? learning : 0,
        LedgerJson.read(json.getAsJsonObject("ledger")),
        difficulties(json),
        samples(json),
        stall(json.get("stall")),
        json.get("restarts").getAsLong(),
        List.of(),
        duration(json.get("elapsedSeconds")),
        json.get("leftSeconds").isJsonNull()
            ? Optional.empty()
            : Optional.of(duration(json.get("leftSeconds"))),
        Measure.valueOf(json.get("measure").getAsString().toUpperCase(Locale.ROOT)),
        JudgesJson.read(json.getAsJsonObject("judges")));
  }

  private static Map<String, RunView.Difficulty> difficulties(JsonObject json) {
    Map<String, RunView.Difficulty> difficulties = new TreeMap<>();
    for (JsonElement element : json.getAsJsonArray("difficulties")) {
      JsonObject one = element.getAsJsonObject();
      difficulties.put(
          one.get("difficulty").getAsString(),
          new RunView.Difficulty(
              one.get("judged").getAsLong(),
              number(one.get("reward")).orElse(Double.NaN),
              one.get("dropped").getAsLong()));
    }
    return difficulties;
  }

  private static List<RunView.Sample> samples(JsonObject json) {
    List<RunView.Sample> samples = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("samples")) {
      JsonObject one = element.getAsJsonObject();
      samples.add(
          new RunView.Sample(
              one.get("prompt").getAsString(),
              one.get("answer").getAsString(),
              one.get("expected").getAsString(),
              one.get("outcome").getAsString(),
              one.get("right").getAsBoolean(),
              one.get("policy").getAsLong()));
    }
    return samples;
  }

  private static Optional<RunView.Stall> stall(JsonElement element) {
    if (element.isJsonNull()) {
      return Optional.empty();
    }
    JsonObject json = element.getAsJsonObject();
    return Optional.of(
        new RunView.Stall(
            json.get("actor").getAsString(),
            json.get("waitsFor").getAsString(),
            duration(json.get("sinceSeconds"))));
  }

  private static OptionalDouble number(JsonElement element) {
    return element.isJsonNull() ? OptionalDouble.empty() : OptionalDouble.of(element.getAsDouble());
  }

  private static Duration duration(JsonElement seconds) {
    return Duration.ofMillis(Math.round(seconds.getAsDouble() * 1000));
  }
}
