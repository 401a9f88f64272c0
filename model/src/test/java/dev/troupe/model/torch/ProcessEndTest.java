package dev.troupe.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessEndTest {
  /** Compiles programs on several threads, and ends when each has compiled one. */
  static final class Busy {
    /** Looks up properties of tensors, which the compiler keeps in a static table. */
    private static final String TEXT =
        """
        class Program(Module):
            def size(self, x: Tensor) -> int:
                n = 0
        """
            + "        n += x.dtype + x.layout + int(x.is_cuda)\n".repeat(200)
            + "        return n\n";

    private static final int THREADS = 3;

    private Busy() {}

    public static void main(String[] arguments) throws InterruptedException {
      TorchRuntime.start();
      CountDownLatch compiling = new CountDownLatch(THREADS);
      for (int thread = 0; thread < THREADS; thread++) {
        TorchRuntime.threads("compiler").newThread(() -> compile(compiling)).start();
      }
      compiling.await();
      System.out.println("compiling");
      switch (arguments[0]) {
        case "exit" -> System.exit(3);
        case "halt" -> ProcessEnd.now(4);
        case "kill" -> ProcessEnd.kill();
        default -> TimeUnit.MINUTES.sleep(1);
      }
    }

    private static void compile(CountDownLatch compiling) {
      List<ProgramSource> sources = List.of(new ProgramSource("busy.py", TEXT));
      while (true) {
        TorchProgram.compile("busy", sources, Map.of()).close();
        compiling.countDown();
      }
    }
  }

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"exit, 3", "halt, 4", "kill, 137", "wait, 143"})
  void theProcessEndsWithItsCodeWhilePyTorchIsAtWork(String how, int code) throws Exception {
    Process process = start(how);
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine()).isEqualTo("compiling");
      if (how.equals("wait")) {
        process.toHandle().destroy();
      }
      assertThat(said.lines().toList()).isEmpty();
      assertThat(process.waitFor()).isEqualTo(code);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String how) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--"))
            .toList());
    // That there is no logger is none of what is looked for.
    command.add("-Dslf4j.internal.verbosity=ERROR");
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Busy.class.getName(), how));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
