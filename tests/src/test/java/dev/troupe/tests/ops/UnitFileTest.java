package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit. */
final class UnitFileTest {
  private static final Path UNIT = Yaml.ROOT.resolve("ops/systemd/troupe-node.service");
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @TempDir Path directory;

  @Test
  void startsANodeAgainUnlessItLeftAsItWasAskedTo() throws IOException {
    Map<String, String> service = section("[Service]");
    assertThat(service)
        .containsEntry("Restart", "on-failure")
        .containsEntry("RestartForceExitStatus", "75")
        .containsEntry("KillSignal", "SIGTERM")
        .containsEntry("KillMode", "mixed");
    assertThat(service.getOrDefault("SuccessExitStatus", "").split(" "))
        .doesNotContain("75", "137");
    assertThat(Integer.parseInt(service.getOrDefault("TimeoutStopSec", "0")))
        .isGreaterThanOrEqualTo(60);
    assertThat(section("[Unit]")).containsEntry("StartLimitIntervalSec", "0");
  }

  @Test
  void whatItHidesFromANodeIsNothingThatJavaNeeds() throws IOException {
    assertThat(section("[Service]")).doesNotContainKeys("MemoryDenyWriteExecute", "ProcSubset");
  }

  @Test
  void itsCommandLineIsOneThatANodeTakes() throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (String line : Files.readAllLines(Yaml.ROOT.resolve("ops/systemd/node.env"))) {
      if (line.contains("=") && !line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        settings.put(parts[0], parts[1]);
      }
    }
    String options = settings.getOrDefault("TROUPE_NODE", "");
    List<String> command = new ArrayList<>(List.of("node"));
    // The name isn't known here, and that is all that is wrong with it.
    command.addAll(List.of(options.replace("head-1:7355", "head-1.invalid:7355").split(" ")));
    Product.Ended ended = Product.in(directory).run(command.toArray(String[]::new)).with(2);
    assertThat(ended.out() + ended.err()).contains("the host is unknown");
  }

  @Test
  void systemdFindsNothingWrong() throws IOException {
    Path unit = directory.resolve(UNIT.getFileName());
    // The program isn't installed here; any other one stands for it.
    Files.writeString(unit, Files.readString(UNIT).replace("/opt/troupe/troupe", "/bin/true"));
    if (Files.isExecutable(ANALYZE)) {
      Product.Ended ended =
          Product.in(directory)
              .start(List.of(ANALYZE.toString(), "verify", unit.toString()), Map.of())
              .await();
      assertThat(ended.err().lines().filter(line -> line.contains(unit.getFileName().toString())))
          .isEmpty();
      ended.with(0);
    } else {
      assertThat(Files.readAllLines(unit))
          .allMatch(line -> line.matches("(#.*|\\[\\w+]|\\w+=.*|)"));
    }
  }

  private static Map<String, String> section(String name) throws IOException {
    Map<String, String> settings = new HashMap<>();
    String section = "";
    for (String line : Files.readAllLines(UNIT)) {
      if (line.startsWith("[")) {
        section = line;
      } else if (section.equals(name) && line.contains("=") && !line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        settings.put(parts[0], parts[1]);
      }
    }
    return settings;
  }
}
