package dev.troupe.learner;

import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.ledger.ProcessorKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells what a learner computes with. */
public final class ProcessorKinds {
  /** Extensions that the kernels of ATen, oneDNN, MKL and XNNPACK are chosen by. */
  private static final Pattern CHOSEN_BY =
      Pattern.compile("sse4_[12]|avx.*|amx.*|fma|f16c|asimd.*|sve.*|bf16|i8mm");

  /** Settings that make those libraries pass over some of them, or round otherwise. */
  private static final List<String> RESTRICTIONS =
      List.of(
          "ATEN_CPU_CAPABILITY",
          "ONEDNN_MAX_CPU_ISA",
          "DNNL_MAX_CPU_ISA",
          "ONEDNN_DEFAULT_FPMATH_MODE",
          "MKL_ENABLE_INSTRUCTIONS",
          "MKL_CBWR",
          "MKL_DEBUG_CPU_TYPE",
          "NVIDIA_TF32_OVERRIDE");

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Path GRAPHICS = Path.of("/proc/driver/nvidia/gpus");

  private ProcessorKinds() {}

  /**
   * This process's, for a learner with {@code threads} on {@code device}. Loads libtorch.
   *
   * @param environment of the process
   */
  public static ProcessorKind here(String device, int threads, Map<String, String> environment) {
    TorchRuntime.start();
    return of(lines(PROCESSOR), graphics(device), device, threads, environment);
  }

  static ProcessorKind of(
      List<String> processor,
      List<String> graphics,
      String device,
      int threads,
      Map<String, String> environment) {
    return new ProcessorKind(
        System.getProperty("os.arch", "unknown"),
        Stream.concat(Stream.of(model(processor)), graphics.stream())
            .collect(Collectors.joining(" + ")),
        instructions(processor),
        RESTRICTIONS.stream()
            .filter(environment::containsKey)
            .map(name -> name + "=" + environment.get(name))
            .toList(),
        device,
        TorchRuntime.version(),
        TorchRuntime.intraOpThreads(),
        threads);
  }

  /** Processors of the ARM family have numbers instead of a name. */
  private static String model(List<String> processor) {
    return field(processor, "model name")
        .orElseGet(
            () ->
                Stream.of("CPU implementer", "CPU part", "CPU variant")
                    .flatMap(name -> field(processor, name).stream())
                    .collect(Collectors.joining(" ")));
  }

  private static List<String> instructions(List<String> processor) {
    String flags = field(processor, "flags").or(() -> field(processor, "Features")).orElse("");
    return List.copyOf(
        Arrays.stream(flags.split("\\s+"))
            .filter(flag -> CHOSEN_BY.matcher(flag).matches())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static List<String> graphics(String device) {
    if (device.equals("cpu")) {
      return List.of();
    }
    TreeSet<String> models = new TreeSet<>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(GRAPHICS)) {
      each.forEach(one -> field(lines(one.resolve("information")), "Model").ifPresent(models::add));
    } catch (IOException _) {
      return List.of();
    }
    return List.copyOf(models);
  }

  private static Optional<String> field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }
}
