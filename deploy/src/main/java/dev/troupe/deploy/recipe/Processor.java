package dev.troupe.deploy.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What of the processor a recipe may depend on.
 *
 * @param name as it calls itself
 * @param bfloat16 whether it multiplies bfloat16 matrices in hardware
 */
public record Processor(String name, boolean bfloat16) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This machine's. */
  public static Processor here() {
    try {
      return of(Files.readAllLines(CPU_INFO));
    } catch (IOException _) {
      return new Processor(System.getProperty("os.arch", "unknown"), false);
    }
  }

  static Processor of(List<String> cpuInfo) {
    List<String> flags = List.of(field(cpuInfo, "flags").split(" +"));
    return new Processor(
        field(cpuInfo, "model name"), flags.contains("avx512_bf16") || flags.contains("amx_bf16"));
  }

  private static String field(List<String> cpuInfo, String name) {
    return cpuInfo.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
