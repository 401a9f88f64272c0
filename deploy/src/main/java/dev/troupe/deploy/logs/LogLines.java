package dev.troupe.deploy.logs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Set;

/** Lines of a node's log: one JSON object each, and the same for people. */
public final class LogLines {
  static final String TIME = "time";
  static final String LEVEL = "level";
  static final String LOGGER = "logger";
  static final String THREAD = "thread";
  static final String MESSAGE = "message";
  static final String ERROR = "error";
  private static final Set<String> FIXED =
      Set.of(TIME, LEVEL, LOGGER, THREAD, MESSAGE, ERROR, "node");

  private LogLines() {}

  /** A line for people; one that isn't JSON stays as it is. */
  public static String readable(String line) {
    JsonObject json;
    try {
      json = JsonParser.parseString(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      return line;
    }
    StringBuilder text = new StringBuilder();
    text.append(text(json, TIME)).append(' ').append(text(json, LEVEL)).append(' ');
    String logger = text(json, LOGGER);
    text.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
    text.append(text(json, MESSAGE));
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      if (!FIXED.contains(entry.getKey())) {
        text.append("  ").append(entry.getKey()).append('=').append(entry.getValue());
      }
    }
    String error = text(json, ERROR);
    return error.isEmpty() ? text.toString() : text + "\n    " + error.replace("\n", "\n    ");
  }

  private static String text(JsonObject json, String name) {
    return json.has(name) ? json.get(name).getAsString() : "";
  }
}
