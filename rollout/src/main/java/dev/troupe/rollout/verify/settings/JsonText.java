package dev.troupe.rollout.verify.settings;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.TreeMap;

/**
 * A JSON value as canonical text: keys sorted, no white space, whole numbers without a point. Equal
 * values have equal texts.
 */
public record JsonText(String text) {
  /** No settings. */
  public static final JsonText EMPTY = new JsonText("{}");

  /** {@code value} in canonical form. */
  public static JsonText of(JsonElement value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return new JsonText(text.toString());
  }

  /**
   * One JSON value and nothing after it.
   *
   * @throws JsonParseException for any other text
   */
  public static JsonElement parse(String text) {
    if (text.isBlank()) {
      throw new JsonParseException("no value");
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement value = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonParseException("more after the value");
      }
      return value;
    } catch (IOException | StackOverflowError e) {
      throw new JsonParseException(e.toString(), e);
    }
  }

  /** The value. */
  public JsonElement value() {
    return parse(text);
  }

  /** The value, which must be an object. */
  public JsonObject object() {
    return value().getAsJsonObject();
  }

  private static void write(JsonElement value, StringBuilder text) {
    switch (value) {
      case JsonObject object -> {
        String separator = "{";
        for (var entry : new TreeMap<>(object.asMap()).entrySet()) {
          text.append(separator).append(new JsonPrimitive(entry.getKey())).append(':');
          write(entry.getValue(), text);
          separator = ",";
        }
        text.append(object.isEmpty() ? "{}" : "}");
      }
      case JsonArray array -> {
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
          text.append(i == 0 ? "" : ",");
          write(array.get(i), text);
        }
        text.append(']');
      }
      case JsonPrimitive primitive when primitive.isNumber() -> text.append(number(primitive));
      case JsonElement other -> text.append(other);
    }
  }

  private static String number(JsonPrimitive primitive) {
    String written = primitive.getAsString();
    if (written.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
      return written;
    }
    double number = primitive.getAsDouble();
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  @Override
  public String toString() {
    return text;
  }
}
