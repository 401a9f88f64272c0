package dev.troupe.learner;

import dev.troupe.protocol.run.LearnerSpecification.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * Whether a processor multiplies bfloat16 matrices itself. Where it doesn't, they are many times
 * slower than float32, so a recipe that asks for them is refused.
 */
public final class Bfloat16 {
  private static final Set<String> FLAGS = Set.of("avx512_bf16", "amx_bf16", "bf16");

  private Bfloat16() {}

  /** Of this machine's processor. */
  public static boolean supported() {
    return supported(Path.of("/proc/cpuinfo"));
  }

  static boolean supported(Path processorFacts) {
    try (var lines = Files.lines(processorFacts)) {
      return lines
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .flatMap(line -> Arrays.stream(line.split("\\s+")))
          .anyMatch(FLAGS::contains);
    } catch (IOException e) {
      return false;
    }
  }

  /** Refuses bfloat16 on a processor without it. */
  static void check(Compute compute, String device, boolean supported) {
    if (compute == Compute.BFLOAT16 && device.equals("cpu") && !supported) {
      throw new IllegalArgumentException(
          "learner.compute = bfloat16 needs a processor with one of the features "
              + FLAGS.stream().sorted().toList()
              + ", this one has none: training would be many times slower; set learner.compute ="
              + " float32");
    }
  }
}
