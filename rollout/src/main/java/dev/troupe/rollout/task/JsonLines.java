package dev.troupe.rollout.task;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * A file of one JSON object a line, read as a whole. Blank lines are passed over.
 *
 * @param hash SHA-256 of the bytes, hex
 */
record JsonLines(String hash, List<Line> lines) {

  /** Stands for all fields of an object. */
  private static final String WHOLE = "*";

  /** An object and where it stands. */
  record Line(String file, int number, JsonObject object) {

    /** The text of a field: strings as they are, numbers and booleans as written. */
    String text(String field) {
      JsonElement value = object.get(field);
      if (value == null) {
        throw bad("has no field [" + field + "], it has " + new TreeSet<>(object.keySet()));
      }
      if (!value.isJsonPrimitive()) {
        throw bad("must have text or a number in field [" + field + "], got [" + value + "]");
      }
      return value.getAsString();
    }

    /**
     * What a verifier is to know: the text of a field, other values as JSON, and the whole object
     * for {@code *}.
     */
    String answer(String field) {
      if (field.equals(WHOLE)) {
        return object.toString();
      }
      JsonElement value = object.get(field);
      return value == null || value.isJsonPrimitive() ? text(field) : value.toString();
    }

    BadTasksException bad(String what) {
      return JsonLines.bad(file, number, what);
    }
  }

  /**
   * Reads {@code path}.
   *
   * @param file name for messages, as the recipe writes it
   */
  static JsonLines read(String file, Path path) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new BadTasksException("can't read [" + file + "] at [" + path + "]: " + e);
    }
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      number++;
      String text = decode(file, number, ByteBuffer.wrap(bytes, start, end - start));
      if (!text.isBlank()) {
        lines.add(new Line(file, number, parse(file, number, text)));
      }
      start = end + 1;
    }
    if (lines.isEmpty()) {
      throw new BadTasksException("[" + file + "] has no lines, expected one JSON object a line");
    }
    return new JsonLines(hash(bytes), List.copyOf(lines));
  }

  private static String decode(String file, int number, ByteBuffer line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
    } catch (CharacterCodingException _) {
      throw bad(file, number, "is not UTF-8");
    }
  }

  private static JsonObject parse(String file, int number, String text) {
    JsonElement element;
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonSyntaxException("more after the value");
      }
    } catch (JsonSyntaxException | IOException e) {
      throw bad(file, number, "is not JSON: [" + excerpt(text) + "]");
    }
    if (!element.isJsonObject()) {
      throw bad(file, number, "must be a JSON object, got [" + excerpt(text) + "]");
    }
    return element.getAsJsonObject();
  }

  private static BadTasksException bad(String file, int number, String what) {
    return new BadTasksException(file + ":" + number + ": this line " + what);
  }

  private static String excerpt(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
