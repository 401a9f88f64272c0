package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chunks that need not travel: those made up of tensors that an image on this node has with the
 * same name, size and checksum.
 */
final class Unchanged {

  /** Bytes of the wanted image that lie in another one. */
  private record Span(long from, long to, MemorySegment bytes) {}

  private Unchanged() {}

  /**
   * Fills chunks of {@code target} from {@code others}, which are closed; how many.
   *
   * @param others whole images on this node
   */
  static int copy(WeightFile target, List<WeightFile> others) throws IOException {
    int copied = 0;
    try {
      for (WeightFile other : others) {
        copied += copy(target, other);
      }
    } finally {
      others.forEach(WeightFile::close);
    }
    return copied;
  }

  private static int copy(WeightFile target, WeightFile other) throws IOException {
    PolicyManifest manifest = target.manifest();
    List<Span> spans = spans(manifest, other);
    if (spans.isEmpty()) {
      return 0;
    }
    int copied = 0;
    ByteBuffer chunkBytes = ByteBuffer.allocateDirect(manifest.chunkBytes());
    for (int chunk = 0; chunk < manifest.chunks(); chunk++) {
      chunkBytes.clear().limit(manifest.chunkLength(chunk));
      if (!target.has(chunk) && fill(chunkBytes, manifest.chunkOffset(chunk), spans)) {
        chunkBytes.flip();
        if (WeightFile.checksum(chunkBytes) == manifest.chunkChecksums().get(chunk)) {
          target.write(chunk, chunkBytes);
          copied++;
        }
      }
    }
    return copied;
  }

  private static List<Span> spans(PolicyManifest manifest, WeightFile other) {
    Map<String, PolicyTensor> there = new HashMap<>();
    other.manifest().tensors().forEach(tensor -> there.put(tensor.name(), tensor));
    List<Span> spans = new ArrayList<>();
    for (PolicyTensor wanted : manifest.tensors()) {
      PolicyTensor had = there.get(wanted.name());
      if (had != null && had.bytes() == wanted.bytes() && had.checksum() == wanted.checksum()) {
        spans.add(
            new Span(
                wanted.offset(),
                wanted.offset() + wanted.bytes(),
                other.slice(had.offset(), had.bytes())));
      }
    }
    spans.sort(Comparator.comparingLong(Span::from));
    return spans;
  }

  /** Fills {@code chunk}, which begins at {@code offset}; false where a byte is in no span. */
  private static boolean fill(ByteBuffer chunk, long offset, List<Span> spans) {
    for (Span span : spans) {
      long at = offset + chunk.position();
      if (chunk.hasRemaining() && span.from() <= at && at < span.to()) {
        long length = Math.min(chunk.remaining(), span.to() - at);
        chunk.put(span.bytes().asSlice(at - span.from(), length).asByteBuffer());
      }
    }
    return !chunk.hasRemaining();
  }
}
