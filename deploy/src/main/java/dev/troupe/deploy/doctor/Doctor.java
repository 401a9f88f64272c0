package dev.troupe.deploy.doctor;

import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.rollout.environment.mujoco.MujocoInstallation;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.sandbox.Sandbox;
import dev.troupe.rollout.sandbox.SandboxUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at this machine and this process. */
public final class Doctor {
  private static final long MEMORY_WANTED = 2L << 30;
  private static final long DISK_WANTED = 2L << 30;
  private static final long NATIVES = 1L << 30;

  private final Map<String, String> environment;
  private final Path home;
  private final Path working;

  /**
   * Examines the process it runs in.
   *
   * @param home where Troupe lies
   * @param working where runs would be kept
   */
  public Doctor(Map<String, String> environment, Path home, Path working) {
    this.environment = environment;
    this.home = home;
    this.working = working;
  }

  /** Everything that was found, in an order that makes sense. */
  public List<Finding> examine() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(startCache());
    findings.add(cores());
    findings.add(memory());
    findings.add(allocator());
    findings.add(bfloat16());
    findings.add(cache());
    findings.addAll(torch());
    findings.add(mujoco());
    findings.add(gymnasium());
    findings.add(sandbox());
    findings.add(disk());
    return findings;
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    return feature == 25
        ? Finding.good("JDK", found)
        : Finding.mediocre("JDK", found, "Troupe is tested on 25; set TROUPE_JAVA to one");
  }

  private Finding startCache() {
    Path cache = home.resolve("deploy/target/troupe.aot");
    return Files.exists(cache)
        ? Finding.good("start-up cache", cache.toString())
        : Finding.mediocre(
            "start-up cache",
            "none",
            "starts take about a second more; remove deploy/target/troupe.built and start anew");
  }

  private static Finding cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    String found = cores + ", " + Processor.here().name();
    return cores >= 2
        ? Finding.good("processor cores", found)
        : Finding.mediocre("processor cores", found, "sampling and learning will take turns");
  }

  private Finding memory() throws IOException {
    long available = available(home.getFileSystem().getPath("/proc/meminfo"));
    long heap = Runtime.getRuntime().maxMemory();
    String found =
        (available < 0 ? "unknown" : Figures.bytes(available) + " available")
            + ", of which Java may take "
            + Figures.bytes(heap);
    return available < 0 || available >= MEMORY_WANTED
        ? Finding.good("memory", found)
        : Finding.mediocre(
            "memory", found, "recipes/sums.conf wants " + Figures.bytes(MEMORY_WANTED));
  }

  private static long available(Path memInfo) throws IOException {
    if (!Files.isReadable(memInfo)) {
      return -1;
    }
    return Files.readAllLines(memInfo).stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
        .findFirst()
        .orElse(-1);
  }

  private Finding allocator() {
    return environment.containsKey("MALLOC_MMAP_THRESHOLD_")
        ? Finding.good("C allocator", "keeps large blocks")
        : Finding.mediocre(
            "C allocator",
            "gives large blocks back again and again",
            "start with ./troupe, which sets MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_");
  }

  private static Finding bfloat16() {
    return Processor.here().bfloat16()
        ? Finding.good("bfloat16", "the processor multiplies it: learner.compute may be bfloat16")
        : Finding.good("bfloat16", "not in this processor: learner.compute stays float32");
  }

  private Finding cache() throws IOException {
    Path cache = Path.of(environment.getOrDefault("DJL_CACHE_DIR", defaultCache()));
    Path existing = cache;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      return Finding.bad(
          "libtorch's cache",
          cache + " can't be written",
          "name a folder that can: export DJL_CACHE_DIR=/path");
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    boolean unpacked = Files.isDirectory(cache.resolve("pytorch"));
    String found =
        cache + (unpacked ? ", unpacked" : ", empty: the first start takes 2 seconds more");
    return unpacked || free > NATIVES
        ? Finding.good("libtorch's cache", found)
        : Finding.bad(
            "libtorch's cache",
            found + ", only " + Figures.bytes(free) + " free",
            "make room for " + Figures.bytes(NATIVES) + ", or set DJL_CACHE_DIR");
  }

  private static String defaultCache() {
    return System.getProperty("user.home") + "/.djl.ai";
  }

  private static List<Finding> torch() {
    try {
      long begun = System.nanoTime();
      TorchRuntime.start();
      String time = (System.nanoTime() - begun) / 1_000_000 + " ms to load";
      try (Tensor probe = Tensor.of(new float[] {1, 2, 3}, 3)) {
        if (probe.toFloats()[2] != 3) {
          return List.of(
              Finding.bad("libtorch", "computes wrongly", "remove its cache and start anew"));
        }
      }
      List<String> devices = TorchRuntime.devices();
      return List.of(
          Finding.good("libtorch", time), Finding.good("devices", String.join(", ", devices)));
    } catch (RuntimeException | UnsatisfiedLinkError e) {
      return List.of(
          Finding.bad(
              "libtorch",
              String.valueOf(e.getMessage()),
              "it needs Linux on x86-64 with glibc; on another system name your own:"
                  + " PYTORCH_LIBRARY_PATH, PYTORCH_VERSION, PYTORCH_FLAVOR"));
    }
  }

  private Finding mujoco() {
    var here = new MujocoInstallation(environment);
    String found =
        here.library().map(Path::toString).orElse("no library")
            + ", "
            + here.models().map(folder -> "models in " + folder).orElse("no models");
    return here.library().isPresent() && here.models().isPresent()
        ? Finding.good("MuJoCo", found)
        : Finding.good(
            "MuJoCo", found + "; only for tasks like Hopper-v5: " + MujocoInstallation.REMEDY);
  }

  private Finding gymnasium() {
    String only = "; only for environments like gym:LunarLander-v3: ";
    Optional<Python> found = Python.find(environment);
    if (found.isEmpty()) {
      return Finding.good(
          "Gymnasium", "no python3 on the path" + only + "name one with " + Python.VARIABLE);
    }
    Python python = found.get();
    try {
      Path folder = python.packages("gymnasium").get("gymnasium");
      return Finding.good(
          "Gymnasium",
          folder == null
              ? "not in " + python + only + python.program() + " -m pip install gymnasium"
              : folder + " of " + python);
    } catch (IOException e) {
      return Finding.mediocre(
          "Gymnasium", python + " doesn't run: " + e.getMessage(), "mend " + python.from());
    }
  }

  private Finding sandbox() {
    try (Sandbox sandbox = Sandbox.open(new Sandbox.Settings("", false, 1, 0), environment)) {
      return Finding.good("sandbox for code", "runs " + sandbox.python());
    } catch (SandboxUnavailableException e) {
      return Finding.good(
          "sandbox for code", "none; only for the verifier [code]: " + e.getMessage());
    }
  }

  private Finding disk() throws IOException {
    if (!Files.isWritable(working)) {
      return Finding.bad(
          "disk", working + " can't be written", "go elsewhere, or name a folder with --run");
    }
    long free = Files.getFileStore(working).getUsableSpace();
    String found = Figures.bytes(free) + " free for runs in " + working;
    return free >= DISK_WANTED
        ? Finding.good("disk", found)
        : Finding.mediocre(
            "disk", found, "runs pause below replay.journal.free-disk-min; make room");
  }
}
