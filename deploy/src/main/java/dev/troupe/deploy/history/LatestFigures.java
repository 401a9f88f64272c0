package dev.troupe.deploy.history;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The latest value of each figure that a run wrote down. */
public final class LatestFigures {
  /** A figure and the step that it is of. */
  public record Figure(double value, long step) {}

  private final Map<String, Figure> figures = new HashMap<>();

  private LatestFigures() {}

  /** Reads {@code metrics.jsonl}; a line that a crash cut off is passed over. */
  public static LatestFigures read(Path metrics) throws IOException {
    LatestFigures figures = new LatestFigures();
    Path file = metrics.resolve("metrics.jsonl");
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines.forEach(figures::take);
      }
    }
    return figures;
  }

  private void take(String line) {
    try {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      long step = json.get("step").getAsLong();
      for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
        if (entry.getKey().contains("/")) {
          figures.put(entry.getKey(), new Figure(entry.getValue().getAsDouble(), step));
        }
      }
    } catch (JsonParseException | IllegalStateException | NullPointerException _) {
      // Cut off while it was written: the figures before it stay.
    }
  }

  /** The newest of that name. */
  public Optional<Figure> of(String name) {
    return Optional.ofNullable(figures.get(name));
  }

  /** Bytes of all files below {@code folder}. */
  public static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> regular = files.filter(Files::isRegularFile).toList();
      long sum = 0;
      for (Path file : regular) {
        sum += Files.exists(file) ? Files.size(file) : 0;
      }
      return sum;
    }
  }
}
