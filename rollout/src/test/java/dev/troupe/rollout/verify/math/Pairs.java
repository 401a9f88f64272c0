package dev.troupe.rollout.verify.math;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Recorded pairs of a reference and a response. */
final class Pairs {
  private Pairs() {}

  /** The shared table. */
  static List<JsonObject> oracle() {
    return rows("math_equivalence.jsonl.gz");
  }

  /**
   * Pairs of our own with math-verify's verdict; {@code ours} and {@code why} where it is another.
   */
  static List<JsonObject> own() {
    return rows("math_pairs.jsonl.gz");
  }

  private static List<JsonObject> rows(String name) {
    try (InputStream in = Pairs.class.getResourceAsStream("/oracles/verifiers/" + name)) {
      if (in == null) {
        throw new IllegalStateException("expected test resource [" + name + "]");
      }
      return new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
