package dev.troupe.learner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads reference numbers from the test resources. */
public final class Oracle {
  private Oracle() {}

  public static JsonObject read(String name) {
    String resource = "/oracles/" + name;
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(Oracle.class.getResourceAsStream(resource), resource),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] vector(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsDouble();
    }
    return values;
  }

  public static double[][] matrix(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    double[][] rows = new double[array.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vector(array.get(i));
    }
    return rows;
  }

  public static boolean[][] mask(JsonElement element) {
    double[][] numbers = matrix(element);
    boolean[][] mask = new boolean[numbers.length][];
    for (int b = 0; b < mask.length; b++) {
      mask[b] = new boolean[numbers[b].length];
      for (int t = 0; t < mask[b].length; t++) {
        mask[b][t] = numbers[b][t] != 0;
      }
    }
    return mask;
  }

  /** Row-major. */
  public static double[] flat(JsonElement element) {
    if (!element.getAsJsonArray().isEmpty() && !element.getAsJsonArray().get(0).isJsonArray()) {
      return vector(element);
    }
    int size = 0;
    double[][] parts = new double[element.getAsJsonArray().size()][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = flat(element.getAsJsonArray().get(i));
      size += parts[i].length;
    }
    double[] all = new double[size];
    int at = 0;
    for (double[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
