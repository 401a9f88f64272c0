package dev.troupe.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBackAligned() throws IOException {
    Path file = folder.resolve("a.safetensors");
    TensorData halves = data(DType.BF16, List.of(3L), 6);
    TensorData floats = data(DType.F32, List.of(2L, 2L), 16);
    TensorData scalar = data(DType.I64, List.of(), 8);
    TensorData none = data(DType.F32, List.of(0L, 5L), 0);
    SafetensorsWriter.write(
        file,
        List.of(
            SafetensorsWriter.Item.of("halves", halves),
            SafetensorsWriter.Item.of("floats \"quoted\" é", floats),
            SafetensorsWriter.Item.of("scalar", scalar),
            SafetensorsWriter.Item.of("none", none)),
        Map.of("format", "pt", "update", "12"),
        true);
    assertThat(
            ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8)
        .isZero();
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactly("scalar", "floats \"quoted\" é", "none", "halves");
      assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "update", "12"));
      assertThat(read.data("halves")).isEqualTo(halves);
      assertThat(read.data("floats \"quoted\" é")).isEqualTo(floats);
      assertThat(read.data("scalar")).isEqualTo(scalar);
      assertThat(read.data("none")).isEqualTo(none);
      assertThat(read.bytes("floats \"quoted\" é").order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThatThrownBy(() -> read.data("weights"))
          .hasMessageContaining("it has no tensor [weights], only [scalar,");
    }
  }

  @Test
  void integersWithoutATypeOfOursAreWidened() throws IOException {
    Path file =
        file(
            "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[2,4]},\"c\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            new byte[] {-1, 5, -1, -1, -1, -1, -1, -1});
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.data("a").bytes())
          .isEqualTo(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, 5, 0, 0, 0}));
      assertThat(read.data("b").bytes()).isEqualTo(ByteString.copyFrom(new byte[] {-1, -1, 0, 0}));
      assertThat(read.data("c"))
          .isEqualTo(
              new TensorData(
                  DType.I64,
                  List.of(1L),
                  ByteString.copyFrom(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})));
    }
  }

  @Test
  void damagedHeadersAreRefusedWithTheReason() throws IOException {
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        4,
        "tensor [a] of F32[2] needs [8] bytes, its data_offsets are [0, 4]");
    refuses(
        "{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        8,
        "unknown dtype [F99]");
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        8,
        "negative extent in [-2]");
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        8,
        "more elements than can be counted");
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
        8,
        "tensor [a] needs a dtype, a shape and two data_offsets");
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}",
        8,
        "unknown key [x]");
    refuses("{\"a\":" + F32 + "[0,4]},\"a\":" + F32 + "[4,8]}}", 8, "tensor [a] appears twice");
    refuses(
        "{\"a\":" + F32 + "[0,4]},\"b\":" + F32 + "[2,6]}}",
        6,
        "overlap between [a], which ends at [4], and [b], which begins at [2]");
    refuses(
        "{\"a\":" + F32 + "[0,4]},\"b\":" + F32 + "[6,10]}}",
        10,
        "gap between [a], which ends at [4], and [b], which begins at [6]");
    refuses(
        "{\"a\":" + F32 + "[0,4]},\"b\":" + F32 + "[4,8]}}",
        7,
        "describes [8] bytes of data, the file has [7]: it is cut off");
    refuses("{\"a\":" + F32 + "[0,4]}}", 9, "describes [4] bytes of data, the file has [9]");
    refuses("{\"__metadata__\":{\"a\":1}}", 0, "metadata [a] is not a string");
    refuses("[1, 2]", 0, "not the JSON expected");
    refuses("{\"a\":", 0, "JSON ends too early");
    refuses("{} {}", 0, "the header is not the JSON expected: malformed JSON");
    refuses(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
        4,
        "not the JSON expected");
  }

  private static final String F32 = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";

  @Test
  void absurdLengthsAreRefused() throws IOException {
    Path file = folder.resolve("length.safetensors");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .hasMessageContaining("it has [3] bytes, at least 8");
    for (long length : new long[] {-1, Long.MAX_VALUE, 100, 0}) {
      Files.write(
          file, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertThatThrownBy(() -> SafetensorsFile.open(file))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("header claims [" + Long.toUnsignedString(length) + "] bytes");
    }
    assertThatThrownBy(
            () ->
                SafetensorsFile.open(
                    file("\u00ff\u00fe".getBytes(StandardCharsets.ISO_8859_1), new byte[0])))
        .hasMessageContaining("its header is not UTF-8");
  }

  @Test
  void flippedBytesNeverEscapeAsAnythingButARefusal() throws IOException {
    byte[] whole =
        Files.readAllBytes(file("{\"a\":" + F32 + "[0,4]},\"b\":" + F32 + "[4,8]}}", new byte[8]));
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = whole.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = folder.resolve("flipped.safetensors");
      Files.write(file, java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)));
      try (SafetensorsFile read = SafetensorsFile.open(file)) {
        assertThat(read.names()).isNotEmpty();
      } catch (SafetensorsException refused) {
        assertThat(refused).hasMessageContaining("flipped.safetensors");
      }
    }
  }

  @Test
  void shardsMustBeWhereTheIndexSays() throws IOException {
    SafetensorsWriter.write(
        folder.resolve("one.safetensors"),
        List.of(SafetensorsWriter.Item.of("a", data(DType.F32, List.of(1L), 4))),
        Map.of(),
        false);
    SafetensorsWriter.write(
        folder.resolve("two.safetensors"),
        List.of(SafetensorsWriter.Item.of("b", data(DType.F32, List.of(2L), 8))),
        Map.of(),
        false);
    index("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
    try (TensorFile read = TensorFile.open(folder)) {
      assertThat(read.names()).containsExactly("a", "b");
      assertThat(read.shape("b")).containsExactly(2L);
    }
    index("{\"weight_map\":{\"a\":\"two.safetensors\",\"b\":\"two.safetensors\"}}");
    assertThatThrownBy(() -> TensorFile.open(folder))
        .hasMessageContaining("tensor [a] is missing from shard [two.safetensors]");
    index("{\"weight_map\":{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\"}}");
    assertThatThrownBy(() -> TensorFile.open(folder))
        .hasMessageContaining(
            "tensor [b] is in shard [two.safetensors], the index says [nothing of it]");
    index("{\"weight_map\":{\"a\":\"../one.safetensors\"}}");
    assertThatThrownBy(() -> TensorFile.open(folder))
        .hasMessageContaining("is not a file of its folder");
    index("{\"weights\":{}}");
    assertThatThrownBy(() -> TensorFile.open(folder))
        .hasMessageContaining("no object [weight_map]");
  }

  @Test
  void theWriterRefusesTakenNamesAndWrongSizes() {
    TensorData one = data(DType.F32, List.of(1L), 4);
    Path file = folder.resolve("w.safetensors");
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    file,
                    List.of(
                        SafetensorsWriter.Item.of("a", one), SafetensorsWriter.Item.of("a", one)),
                    Map.of(),
                    false))
        .hasMessageContaining("tensor name [a]");
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    file,
                    List.of(
                        new SafetensorsWriter.Item(
                            "a",
                            DType.F32,
                            List.of(2L),
                            writer -> writer.accept(ByteBuffer.allocate(4)))),
                    Map.of(),
                    false))
        .hasMessageContaining("needs [8] bytes, got [4]");
  }

  private void refuses(String header, int dataBytes, String reason) throws IOException {
    Path file = file(header, new byte[dataBytes]);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageStartingWith("safetensors file [" + file + "] is refused: ")
        .hasMessageContaining(reason);
  }

  private Path file(String header, byte[] data) throws IOException {
    return file(header.getBytes(StandardCharsets.UTF_8), data);
  }

  private Path file(byte[] header, byte[] data) throws IOException {
    Path file = folder.resolve("test.safetensors");
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header).put(data);
    Files.write(file, bytes.array());
    return file;
  }

  private void index(String json) throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), json);
  }

  private static TensorData data(DType dtype, List<Long> shape, int bytes) {
    byte[] content = new byte[bytes];
    new java.util.Random(bytes).nextBytes(content);
    return new TensorData(dtype, shape, ByteString.copyFrom(content));
  }
}
