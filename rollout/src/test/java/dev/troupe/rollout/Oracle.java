package dev.troupe.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
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
    String resource = "/oracles/environments/" + name + ".json.gz";
    try (Reader reader =
        new InputStreamReader(
            new GZIPInputStream(
                Objects.requireNonNull(Oracle.class.getResourceAsStream(resource), resource)),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
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
