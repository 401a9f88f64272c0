package dev.troupe.model.safetensors;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked header of a file.
 *
 * @param entries by name, in the order of their data
 * @param metadata free texts
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

  /** Bytes of an element of every type that the format knows. */
  private static final Map<String, Integer> ELEMENT_BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F64", 8));

  /**
   * One tensor.
   *
   * @param dtype as the file writes it
   * @param from first byte, counted from the end of the header
   * @param to past the last byte
   */
  record Entry(String name, String dtype, List<Long> shape, long from, long to) {}

  /** Parses and checks: no duplicates, sizes that fit the shapes, data without gap or overlap. */
  static SafetensorsHeader parse(Path file, String json, long dataBytes) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      reader.beginObject();
      boolean hasMetadata = false;
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (name.equals("__metadata__")) {
          if (hasMetadata) {
            throw new SafetensorsException(file, "[__metadata__] appears twice in the header");
          }
          hasMetadata = true;
          readMetadata(file, reader, metadata);
        } else if (entries.put(name, readEntry(file, name, reader)) != null) {
          throw new SafetensorsException(file, "tensor [" + name + "] appears twice in the header");
        }
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new SafetensorsException(file, "the header goes on after its JSON object");
      }
    } catch (MalformedJsonException | IllegalStateException | NumberFormatException e) {
      throw new SafetensorsException(file, "the header is not the JSON expected: " + words(e));
    } catch (java.io.EOFException e) {
      throw new SafetensorsException(file, "the header's JSON ends too early");
    }
    return new SafetensorsHeader(inOrder(file, entries, dataBytes), Map.copyOf(metadata));
  }

  /** The parser's words without its advice to its programmer. */
  private static String words(Exception e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept ", "");
  }

  private static void readMetadata(Path file, JsonReader reader, Map<String, String> metadata)
      throws IOException {
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (reader.peek() != JsonToken.STRING) {
        throw new SafetensorsException(file, "metadata [" + key + "] is not a string");
      }
      metadata.put(key, reader.nextString());
    }
    reader.endObject();
  }

  private static Entry readEntry(Path file, String name, JsonReader reader) throws IOException {
    String dtype = "";
    List<Long> shape = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    boolean hasShape = false;
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      switch (key) {
        case "dtype" -> dtype = reader.nextString();
        case "shape" -> {
          hasShape = true;
          readLongs(reader, shape);
        }
        case "data_offsets" -> readLongs(reader, offsets);
        default ->
            throw new SafetensorsException(
                file, "tensor [" + name + "] has an unknown key [" + key + "]");
      }
    }
    reader.endObject();
    if (!hasShape || offsets.size() != 2) {
      throw new SafetensorsException(
          file, "tensor [" + name + "] needs a dtype, a shape and two data_offsets");
    }
    Entry entry = new Entry(name, dtype, List.copyOf(shape), offsets.get(0), offsets.get(1));
    checkSize(file, entry);
    return entry;
  }

  private static void readLongs(JsonReader reader, List<Long> target) throws IOException {
    target.clear();
    reader.beginArray();
    while (reader.hasNext()) {
      target.add(reader.nextLong());
    }
    reader.endArray();
  }

  private static void checkSize(Path file, Entry entry) throws SafetensorsException {
    Integer elementBytes = ELEMENT_BYTES.get(entry.dtype());
    if (elementBytes == null) {
      throw new SafetensorsException(
          file, "tensor [" + entry.name() + "] has the unknown dtype [" + entry.dtype() + "]");
    }
    long expected = elementBytes;
    try {
      for (long extent : entry.shape()) {
        if (extent < 0) {
          throw new SafetensorsException(
              file, "tensor [" + entry.name() + "] has a negative extent in " + entry.shape());
        }
        expected = Math.multiplyExact(expected, extent);
      }
    } catch (ArithmeticException e) {
      throw new SafetensorsException(
          file,
          "tensor [" + entry.name() + "] has more elements than can be counted: " + entry.shape());
    }
    if (entry.from() < 0 || entry.to() < entry.from() || entry.to() - entry.from() != expected) {
      throw new SafetensorsException(
          file,
          "tensor ["
              + entry.name()
              + "] of "
              + entry.dtype()
              + entry.shape()
              + " needs ["
              + expected
              + "] bytes, its data_offsets are ["
              + entry.from()
              + ", "
              + entry.to()
              + "]");
    }
  }

  private static Map<String, Entry> inOrder(Path file, Map<String, Entry> entries, long dataBytes)
      throws SafetensorsException {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
    Map<String, Entry> ordered = new LinkedHashMap<>();
    long end = 0;
    String before = "the header";
    for (Entry entry : sorted) {
      if (entry.from() != end) {
        throw new SafetensorsException(
            file,
            (entry.from() < end ? "overlap" : "gap")
                + " between ["
                + before
                + "], which ends at ["
                + end
                + "], and ["
                + entry.name()
                + "], which begins at ["
                + entry.from()
                + "]");
      }
      end = entry.to();
      before = entry.name();
      ordered.put(entry.name(), entry);
    }
    if (end != dataBytes) {
      throw new SafetensorsException(
          file,
          "the header describes ["
              + end
              + "] bytes of data, the file has ["
              + dataBytes
              + "]"
              + (dataBytes < end ? ": it is cut off" : ""));
    }
    return ordered;
  }
}
