package dev.troupe.model.safetensors;

import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Named tensors on disk: one safetensors file or a folder of several. */
public sealed interface TensorFile extends AutoCloseable
    permits SafetensorsFile, SafetensorsFolder {

  /** A file, or a folder with {@code model.safetensors} or shards and their index. */
  static TensorFile open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return SafetensorsFile.open(path);
    }
    Path index = path.resolve(SafetensorsFolder.INDEX);
    return Files.exists(index)
        ? SafetensorsFolder.open(path)
        : SafetensorsFile.open(path.resolve("model.safetensors"));
  }

  /** In the order of the data; shard after shard. */
  List<String> names();

  /** Element type as the file writes it, for example {@code BF16}. */
  String storedType(String name) throws IOException;

  List<Long> shape(String name) throws IOException;

  /** The mapped little-endian bytes; valid until this is closed. */
  ByteBuffer bytes(String name) throws IOException;

  /** A copy. Integers without a type of ours (I8, I16, U16, U32) are widened to a signed one. */
  TensorData data(String name) throws IOException;

  @Override
  void close() throws IOException;
}
