package dev.troupe.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads reference numbers from the test resources. */
public final class Oracle {
  private Oracle() {}

  /** The compressed reference of environments that is called {@code name}. */
  public static JsonObject read(String name) {
    return JsonParser.parseString(text("environments/" + name + ".json")).getAsJsonObject();
  }

  /** The compressed reference of verifiers that is called {@code name}. */
  public static JsonObject verifiers(String name) {
    return JsonParser.parseString(text("verifiers/" + name + ".json")).getAsJsonObject();
  }

  /** The same of one object a line. */
  public static List<JsonObject> verifierLines(String name) {
    return text("verifiers/" + name + ".jsonl")
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private static String text(String name) {
    String resource = "/oracles/" + name + ".gz";
    try (InputStream stream =
        new GZIPInputStream(
            Objects.requireNonNull(Oracle.class.getResourceAsStream(resource), resource))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<JsonObject> objects(JsonElement array) {
    var objects = new ArrayList<JsonObject>();
    array.getAsJsonArray().forEach(each -> objects.add(each.getAsJsonObject()));
    return objects;
  }

  public static double[] vector(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsDouble();
    }
    return values;
  }

  public static long[] integers(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsLong();
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

  public static boolean[] mask(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    boolean[] values = new boolean[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsBoolean();
    }
    return values;
  }
}
