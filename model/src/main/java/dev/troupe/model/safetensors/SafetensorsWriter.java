package dev.troupe.model.safetensors;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes safetensors files. Data begins at a multiple of eight bytes and wider element types come
 * first, so that every tensor is aligned to its elements when the file is mapped.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /** Lends a tensor's little-endian bytes, in row-major order, to whoever writes them. */
  public interface Content {
    void lend(Consumer<ByteBuffer> writer);
  }

  /** One tensor to write. */
  public record Item(String name, DType dtype, List<Long> shape, Content content) {
    public static Item of(String name, TensorData data) {
      return new Item(
          name,
          data.dtype(),
          data.shape(),
          writer -> writer.accept(data.bytes().asReadOnlyByteBuffer()));
    }

    long bytes() {
      return shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
    }
  }

  /**
   * Creates or replaces a file.
   *
   * @param metadata free texts for the header
   * @param sync whether the content is forced to the disk before this returns
   * @throws IllegalArgumentException when a name appears twice or content does not fit its shape
   */
  public static void write(Path file, List<Item> items, Map<String, String> metadata, boolean sync)
      throws IOException {
    List<Item> ordered = new ArrayList<>(items);
    ordered.sort(Comparator.comparingInt((Item item) -> item.dtype().bytes()).reversed());
    ByteBuffer head = header(file, ordered, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, head);
      for (Item item : ordered) {
        writeItem(file, channel, item);
      }
      if (sync) {
        channel.force(true);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void writeItem(Path file, FileChannel channel, Item item) {
    item.content()
        .lend(
            bytes -> {
              if (bytes.remaining() != item.bytes()) {
                throw new IllegalArgumentException(
                    "tensor ["
                        + item.name()
                        + "] for ["
                        + file
                        + "] needs ["
                        + item.bytes()
                        + "] bytes, got ["
                        + bytes.remaining()
                        + "]");
              }
              try {
                writeFully(channel, bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static ByteBuffer header(Path file, List<Item> items, Map<String, String> metadata) {
    JsonObject json = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject texts = new JsonObject();
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> texts.addProperty(entry.getKey(), entry.getValue()));
      json.add("__metadata__", texts);
    }
    Set<String> names = new HashSet<>(Set.of("__metadata__"));
    long from = 0;
    for (Item item : items) {
      if (!names.add(item.name())) {
        throw new IllegalArgumentException(
            "tensor name [" + item.name() + "] for [" + file + "] is taken");
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", item.dtype().name());
      JsonArray shape = new JsonArray();
      item.shape().forEach(shape::add);
      entry.add("shape", shape);
      JsonArray offsets = new JsonArray();
      offsets.add(from);
      from += item.bytes();
      offsets.add(from);
      entry.add("data_offsets", offsets);
      json.add(item.name(), entry);
    }
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(text);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    return head.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
