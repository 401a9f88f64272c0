package dev.troupe.deploy.plot;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a run wrote down, as one run: updates that a resumed run made again count once, as they were
 * made last, and time in which no process worked on it doesn't count. Lines that a crash cut off
 * are passed over.
 */
public final class RunFigures {
  private static final String UPDATE = "learner/seconds";
  private static final String SUPERVISED = "sft/seconds";
  private static final String STEPS = "learner/steps";

  private record Row(double seconds, double value) {}

  private final Predicate<String> wanted;
  private final NavigableSet<String> names = new TreeSet<>();
  private final Map<String, NavigableMap<Long, Row>> rows = new HashMap<>();
  private final NavigableMap<Long, Double> stepsMade = new TreeMap<>();
  private long lastUpdate = -1;
  private double seconds;
  private double secondsOfProcess;
  private long processBeganMillis = Long.MIN_VALUE;

  private RunFigures(Predicate<String> wanted) {
    this.wanted = wanted;
  }

  /**
   * Reads {@code metrics.jsonl} in one go, and keeps the figures whose names are wanted.
   *
   * @param folder that the file is in; without one there are no figures
   */
  public static RunFigures read(Path folder, Predicate<String> wanted) throws IOException {
    var figures = new RunFigures(wanted);
    Path file = folder.resolve("metrics.jsonl");
    if (Files.exists(file)) {
      try (var lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          figures.take(line);
        }
      }
    }
    return figures;
  }

  private void take(String line) {
    try {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      long millis = Instant.parse(json.get("time").getAsString()).toEpochMilli();
      if (json.has("process") || processBeganMillis == Long.MIN_VALUE) {
        secondsOfProcess = seconds;
        processBeganMillis = millis;
      }
      seconds = Math.max(seconds, secondsOfProcess + (millis - processBeganMillis) / 1e3);
      if (json.has("step")) {
        figures(json, json.get("step").getAsLong());
      }
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException
        | NumberFormatException
        | DateTimeException _) {
      // Cut off while it was written: the lines before and after it stay.
    }
  }

  private void figures(JsonObject json, long step) {
    if (json.has(UPDATE) || json.has(SUPERVISED)) {
      if (step <= lastUpdate) {
        forgetFrom(step);
      }
      lastUpdate = step;
    }
    if (json.has(STEPS)) {
      Map.Entry<Long, Double> before = stepsMade.lowerEntry(step);
      stepsMade.put(step, (before == null ? 0 : before.getValue()) + json.get(STEPS).getAsDouble());
    }
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      String name = entry.getKey();
      if (name.contains("/")) {
        names.add(name);
        if (wanted.test(name)) {
          rows.computeIfAbsent(name, _ -> new TreeMap<>())
              .put(step, new Row(seconds, entry.getValue().getAsDouble()));
        }
      }
    }
  }

  /** The run went on from a checkpoint: what came after that is made again. */
  private void forgetFrom(long step) {
    rows.values().forEach(series -> series.tailMap(step, true).clear());
    stepsMade.tailMap(step, true).clear();
  }

  /** Of all figures, wanted or not. */
  public NavigableSet<String> names() {
    return names;
  }

  /** Whether steps of environments were counted. */
  public boolean countsSteps() {
    return !stepsMade.isEmpty();
  }

  /** Seconds in which a process worked on the run. */
  public double seconds() {
    return seconds;
  }

  /** A wanted figure over an axis, where it has points there. */
  Optional<Curve> curve(String name, Axis axis) {
    NavigableMap<Long, Row> series = rows.getOrDefault(name, new TreeMap<>());
    if (series.isEmpty() || (axis == Axis.STEPS && !countsSteps())) {
      return Optional.empty();
    }
    double[] x = new double[series.size()];
    double[] y = new double[x.length];
    int i = 0;
    for (Map.Entry<Long, Row> row : series.entrySet()) {
      double place =
          switch (axis) {
            case STEPS -> steps(row.getKey());
            case UPDATES -> (double) row.getKey();
            case TIME -> row.getValue().seconds();
          };
      x[i] = i == 0 ? place : Math.max(x[i - 1], place);
      y[i++] = row.getValue().value();
    }
    return Optional.of(new Curve(x, y));
  }

  private double steps(long update) {
    Map.Entry<Long, Double> made = stepsMade.floorEntry(update);
    return made == null ? 0 : made.getValue();
  }
}
