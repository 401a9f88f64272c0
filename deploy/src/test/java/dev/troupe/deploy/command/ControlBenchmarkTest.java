package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench ppo}, with programs that only say what they came to. */
final class ControlBenchmarkTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final Console console = new Console(out, out, false, false);

  @TempDir Path home = Path.of("");

  /** A Troupe whose runs make 50 updates in 2 s by the clock and 3 s of processor time. */
  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(home.resolve("recipes"));
    Files.copy(Path.of("../recipes/cartpole.conf"), home.resolve("recipes/cartpole.conf"));
    program(
        home.resolve("troupe"),
        """
        mkdir "$4"
        cat > "$4/summary.json" <<'END'
        {"name": "cartpole", "ended": "the last 100 episodes returned [476]", "resumable": false,
         "returnBefore": 9.0, "returnAfter": 500.0, "bestReturn": 500.0, "bestStep": 50,
         "lastCheckpoint": 50, "updates": 50, "skippedUpdates": 0, "trajectories": 50,
         "meanPolicyLag": 0.0, "processes": 1, "wallSeconds": 2.0,
         "samplingStepsPerSecond": 1.0, "learningStepsPerSecond": 1.0, "samplingIdleShare": 0.0,
         "learningIdleShare": 0.0, "processorSeconds": {"sampling": 1.0, "learning": 2.0},
         "ledger": {"granted": 50, "leased": 0, "recorded": 0, "batched": 0, "consumed": 50,
                    "dropped": 0, "duplicates": 0, "droppedByReason": {}},
         "answers": []}
        END
        """);
  }

  private List<String> lines() {
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static Path program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  @Test
  void comparesWithTheFastestThatReachedTheGoal() throws IOException {
    Path python =
        program(
            home.resolve("python"),
            """
            case "$3" in
              sb3) echo '{"seconds": 40, "processorSeconds": 30, "steps": 64000, "solved": true}' ;;
              cleanrl) echo '{"seconds": 1, "processorSeconds": 1, "steps": 9, "solved": false}' ;;
              *) echo '{"missing": "envpool"}' ;;
            esac
            """);

    new ControlBenchmark(console, 2).run(home, home, Optional.of(new ControlPeer(python)));

    assertThat(lines())
        .filteredOn(line -> line.contains("of the fastest peer's training time 0.05 (target 0.33)"))
        .singleElement()
        .asString()
        .contains("of its processor time 0.10");
    assertThat(lines()).filteredOn(line -> line.contains("475 not reached")).hasSize(2);
    assertThat(lines())
        .filteredOn(line -> line.contains("EnvPool") && line.contains("no package [envpool]"))
        .hasSize(1);
    // 50 updates of 256 steps in 2 s, beside 64,000 in 40 s.
    assertThat(lines())
        .last()
        .asString()
        .contains(
            "at Stable-Baselines3's settings 4.0 times its steps/s", "2.0 times by processor");
  }

  @Test
  void comparesApartWithWhatHasOurSettings() throws IOException {
    Path python =
        program(
            home.resolve("python"),
            """
            case "$3" in
              envpool) echo '{"seconds": 8, "processorSeconds": 6, "steps": 9, "solved": true}' ;;
              *) echo '{"missing": "torch"}' ;;
            esac
            """);

    new ControlBenchmark(console, 1).run(home, home, Optional.of(new ControlPeer(python)));

    assertThat(lines())
        .last()
        .asString()
        .startsWith("           of PyTorch's on EnvPool with our settings 0.25, ")
        .endsWith(" and 0.50");
  }

  @Test
  void measuresAloneWhereThereIsNobodyToCompareWith() throws IOException {
    new ControlBenchmark(console, 3).run(home, home, Optional.empty());

    assertThat(lines()).filteredOn(line -> line.startsWith("  seed")).hasSize(3);
    assertThat(lines().get(1)).contains("51200").contains("25600");
    assertThat(lines()).last().asString().startsWith("ppo        2.0 s to 475 on CartPole-v1");
  }
}
