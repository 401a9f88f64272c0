package dev.troupe.model.network;

import dev.troupe.model.torch.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Named tensors in the order of a network's layout. Owns them: closing closes all.
 *
 * @param names in order
 * @param tensors one for each name
 */
public record Parameters(List<String> names, List<Tensor> tensors) implements AutoCloseable {
  public Parameters {
    names = List.copyOf(names);
    tensors = List.copyOf(tensors);
    if (names.size() != tensors.size()) {
      throw new IllegalArgumentException(
          "expected a tensor for each of ["
              + names.size()
              + "] names, got ["
              + tensors.size()
              + "]");
    }
  }

  /** The tensor of a name. */
  public Tensor get(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no parameter [" + name + "], have " + names);
    }
    return tensors.get(index);
  }

  /** Copies that share no memory with these. */
  public Parameters copy() {
    return new Parameters(names, tensors.stream().map(Tensor::copy).toList());
  }

  /** These on a device; the memory is shared where they are there already. */
  public Parameters to(String device) {
    return new Parameters(names, tensors.stream().map(tensor -> tensor.to(device)).toList());
  }

  /** Number of elements of all tensors. */
  public long elements() {
    return tensors.stream()
        .mapToLong(tensor -> Arrays.stream(tensor.shape()).reduce(1, Math::multiplyExact))
        .sum();
  }

  /**
   * SHA-256, hex, over every parameter in order: the length of its name in UTF-8 (four bytes,
   * big-endian), the name, the name of its element type likewise, the number of extents and the
   * extents (eight bytes each), its little-endian bytes.
   */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < names.size(); i++) {
        Tensor tensor = tensors.get(i);
        text(digest, names.get(i));
        text(digest, tensor.dtype().name());
        long[] shape = tensor.shape();
        digest.update(ByteBuffer.allocate(4).putInt(0, shape.length));
        for (long extent : shape) {
          digest.update(ByteBuffer.allocate(8).putLong(0, extent));
        }
        tensor.withBytes(
            bytes -> {
              digest.update(bytes);
              return true;
            });
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }

  private static void text(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
