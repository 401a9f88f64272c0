package dev.troupe.actors.weights;

import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.policy.PolicyManifest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A process that has fetched some chunks and then hangs until it is killed. */
final class HalfPull {
  private HalfPull() {}

  /** Arguments: scratch directory, manifest, the image, how many chunks. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    PolicyManifest manifest =
        PolicyCodec.MANIFEST.decode(Files.readAllBytes(Path.of(arguments[1])));
    byte[] image = Files.readAllBytes(Path.of(arguments[2]));
    int chunks = Integer.parseInt(arguments[3]);
    WeightStore store =
        WeightStore.open(
            directory, WeightStore.Limits.ofDisk(directory), ProcessHandle.current().pid());
    WeightStore.Claim.Mine mine = (WeightStore.Claim.Mine) store.claim(manifest);
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = (int) manifest.chunkOffset(chunk);
      mine.file()
          .write(
              chunk,
              ByteBuffer.wrap(Arrays.copyOfRange(image, from, from + manifest.chunkLength(chunk))));
    }
    System.out.println("has " + chunks + " chunks");
    System.in.read();
  }
}
