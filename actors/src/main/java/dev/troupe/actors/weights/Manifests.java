package dev.troupe.actors.weights;

import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads a finished image once and describes it. */
final class Manifests {
  private Manifests() {}

  /**
   * Describes the safetensors file {@code image}.
   *
   * @param names its tensors, in the order of the network's layout
   */
  static PolicyManifest of(Path image, PolicyVersion version, List<String> names, int chunkBytes)
      throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(image);
        FileChannel channel = FileChannel.open(image, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      ImageDigest digest = new ImageDigest();
      List<Integer> checksums = new ArrayList<>();
      for (long at = 0; at < size; at += chunkBytes) {
        MemorySegment chunk = all.asSlice(at, Math.min(chunkBytes, size - at));
        checksums.add(WeightFile.checksum(chunk.asByteBuffer()));
        digest.add(chunk);
      }
      List<PolicyTensor> tensors = new ArrayList<>();
      for (String name : names) {
        MemorySegment tensor = file.segment(name);
        tensors.add(new PolicyTensor(name, file.offset(name), tensor.byteSize(), checksum(tensor)));
      }
      return new PolicyManifest(version, size, chunkBytes, checksums, digest.hex(), tensors);
    }
  }

  /** CRC32C of memory of any size. */
  static int checksum(MemorySegment memory) {
    CRC32C checksum = new CRC32C();
    long part = 1L << 30;
    for (long at = 0; at < memory.byteSize(); at += part) {
      checksum.update(memory.asSlice(at, Math.min(part, memory.byteSize() - at)).asByteBuffer());
    }
    return (int) checksum.getValue();
  }
}
