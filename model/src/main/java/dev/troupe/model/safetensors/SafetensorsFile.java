package dev.troupe.model.safetensors;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.model.safetensors.SafetensorsHeader.Entry;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file mapped into memory: eight bytes with the length of the header, the header in
 * JSON, the data. Opening reads and checks the header only.
 */
public final class SafetensorsFile implements TensorFile {
  /** The format's own limit. */
  private static final long HEADER_BYTES_MAX = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final long dataOffset;
  private final SafetensorsHeader header;

  private SafetensorsFile(
      Path file, Arena arena, MemorySegment data, long dataOffset, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.dataOffset = dataOffset;
    this.header = header;
  }

  /**
   * Maps a file.
   *
   * @throws SafetensorsException when it is damaged or not a safetensors file
   */
  @SuppressWarnings("MustBeClosedChecker") // closed with the file, or below when it is refused
  public static SafetensorsFile open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw new SafetensorsException(file, "it has [" + size + "] bytes, at least 8 are needed");
      }
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long length = all.get(LENGTH, 0);
      if (length < 2 || length > HEADER_BYTES_MAX || length > size - 8) {
        throw new SafetensorsException(
            file,
            "its header claims ["
                + Long.toUnsignedString(length)
                + "] bytes, expected 2 to ["
                + Math.min(HEADER_BYTES_MAX, size - 8)
                + "]");
      }
      String json = text(file, all.asSlice(8, length));
      MemorySegment data = all.asSlice(8 + length);
      SafetensorsHeader header = SafetensorsHeader.parse(file, json, data.byteSize());
      return new SafetensorsFile(file, arena, data, 8 + length, header);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  /** The free texts of the header. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public String storedType(String name) throws SafetensorsException {
    return entry(name).dtype();
  }

  @Override
  public List<Long> shape(String name) throws SafetensorsException {
    return entry(name).shape();
  }

  /** The mapped little-endian bytes; valid until the file is closed. */
  public MemorySegment segment(String name) throws SafetensorsException {
    Entry entry = entry(name);
    return data.asSlice(entry.from(), entry.to() - entry.from());
  }

  /** Where the bytes of a tensor begin, from the beginning of the file. */
  public long offset(String name) throws SafetensorsException {
    return dataOffset + entry(name).from();
  }

  @Override
  public ByteBuffer bytes(String name) throws SafetensorsException {
    MemorySegment segment = segment(name);
    if (segment.byteSize() > Integer.MAX_VALUE) {
      throw new SafetensorsException(
          file,
          "tensor ["
              + name
              + "] has ["
              + segment.byteSize()
              + "] bytes, at most 2^31 - 1 can be read");
    }
    return segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public TensorData data(String name) throws SafetensorsException {
    Entry entry = entry(name);
    ByteBuffer bytes = bytes(name);
    return switch (entry.dtype()) {
      case "F64", "F32", "BF16", "F16", "I64", "I32", "U8", "BOOL" ->
          new TensorData(DType.valueOf(entry.dtype()), entry.shape(), ByteString.copyFrom(bytes));
      case "I8", "I16", "U16", "U32" -> IntegerWidening.widen(entry, bytes);
      default ->
          throw new SafetensorsException(
              file,
              "tensor [" + name + "] has dtype [" + entry.dtype() + "], which is not supported");
    };
  }

  /** Unmaps the file; buffers and segments taken from it are void. */
  @Override
  public void close() {
    arena.close();
  }

  private Entry entry(String name) throws SafetensorsException {
    Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new SafetensorsException(file, "it has no tensor [" + name + "], only " + names());
    }
    return entry;
  }

  private static String text(Path file, MemorySegment bytes) throws SafetensorsException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(file, "its header is not UTF-8");
    }
  }

  /** Integers that have no type of ours become the next larger signed type. */
  private static final class IntegerWidening {
    static TensorData widen(Entry entry, ByteBuffer bytes) {
      boolean toLong = entry.dtype().equals("U32");
      int count = bytes.remaining() / (toLong ? 4 : entry.dtype().equals("I8") ? 1 : 2);
      ByteBuffer wide =
          ByteBuffer.allocate(count * (toLong ? 8 : 4)).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        switch (entry.dtype()) {
          case "I8" -> wide.putInt(bytes.get());
          case "I16" -> wide.putInt(bytes.getShort());
          case "U16" -> wide.putInt(Short.toUnsignedInt(bytes.getShort()));
          default -> wide.putLong(Integer.toUnsignedLong(bytes.getInt()));
        }
      }
      ByteString content = UnsafeByteOperations.unsafeWrap(wide.flip());
      return new TensorData(toLong ? DType.I64 : DType.I32, entry.shape(), content);
    }
  }
}
