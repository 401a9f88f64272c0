package dev.troupe.deploy.history;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.learner.LearnerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The curve of a run so far, from the figures that it wrote down. */
public final class PastPoints {
  private PastPoints() {}

  /** Reads {@code metrics.jsonl}; a line that a crash cut off is passed over. */
  public static List<RunView.Point> read(Path metrics) throws IOException {
    List<RunView.Point> points = new ArrayList<>();
    Path file = metrics.resolve("metrics.jsonl");
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines.forEach(line -> point(line).ifPresent(points::add));
      }
    }
    return points;
  }

  private static Optional<RunView.Point> point(String line) {
    try {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      boolean update = json.has("learner/seconds");
      if (!update && !json.has("evaluation/accuracy") && !json.has("evaluation/return")) {
        return Optional.empty();
      }
      double inBatch = number(json, "learner/episodeReturn", "learner/rewardMean");
      return Optional.of(
          new RunView.Point(
              json.get("step").getAsLong(),
              Double.isNaN(inBatch) ? number(json, "reward/mean") : inBatch,
              number(json, "evaluation/accuracy", "evaluation/return"),
              number(json, "learner/policyLagMean"),
              number(json, "sampling/tokensPerSecond", "sampling/stepsPerSecond"),
              number(json, "learning/tokensPerSecond", "learning/stepsPerSecond"),
              number(json, "sampling/idleShare"),
              number(json, "learning/idleShare"),
              number(json, "learner/" + LearnerMetrics.SAMPLING_ERROR)));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException
        | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** What language models and environments call differently. */
  private static double number(JsonObject json, String name, String other) {
    return number(json, json.has(name) ? name : other);
  }

  private static double number(JsonObject json, String name) {
    JsonElement element = json.get(name);
    return element == null ? Double.NaN : element.getAsDouble();
  }
}
