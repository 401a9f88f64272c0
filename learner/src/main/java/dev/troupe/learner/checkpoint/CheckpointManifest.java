package dev.troupe.learner.checkpoint;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a checkpoint consists of: the content of its manifest.json.
 *
 * @param update optimizer updates it contains
 * @param epoch of the learner that wrote it
 * @param files every other file, by name
 */
record CheckpointManifest(long update, int epoch, List<FileEntry> files) {
  private static final int FORMAT = 1;

  /** A file with its size and SHA-256 (hex). */
  record FileEntry(String name, long bytes, String sha256) {}

  CheckpointManifest {
    files = List.copyOf(files);
  }

  byte[] toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("update", update);
    json.addProperty("epoch", epoch);
    JsonArray entries = new JsonArray();
    for (FileEntry file : files) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", file.name());
      entry.addProperty("bytes", file.bytes());
      entry.addProperty("sha256", file.sha256());
      entries.add(entry);
    }
    json.add("files", entries);
    String text = new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads manifest.json.
   *
   * @throws IllegalArgumentException if it is not a manifest
   */
  static CheckpointManifest parse(byte[] bytes) {
    try {
      JsonObject json =
          JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
      int format = json.get("format").getAsInt();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "manifest format must be [" + FORMAT + "], got [" + format + "]");
      }
      List<FileEntry> files = new ArrayList<>();
      for (JsonElement element : json.getAsJsonArray("files")) {
        JsonObject entry = element.getAsJsonObject();
        files.add(
            new FileEntry(
                plainName(entry.get("name").getAsString()),
                entry.get("bytes").getAsLong(),
                entry.get("sha256").getAsString()));
      }
      return new CheckpointManifest(
          json.get("update").getAsLong(), json.get("epoch").getAsInt(), files);
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException e) {
      throw new IllegalArgumentException("not a checkpoint manifest: " + e.getMessage(), e);
    }
  }

  private static String plainName(String name) {
    if (!name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
      throw new IllegalArgumentException(
          "a checkpoint's files are plain names, got [" + name + "]");
    }
    return name;
  }
}
