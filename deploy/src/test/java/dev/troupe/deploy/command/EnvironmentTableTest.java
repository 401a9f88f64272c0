package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.mujoco.MujocoInstallation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of {@code bench env}, with as few steps as there can be. */
final class EnvironmentTableTest {
  private static final MujocoInstallation NO_MUJOCO =
      new MujocoInstallation(Map.of("PATH", ""), List.of());

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final Console console = new Console(out, out, false, false);

  private List<String> lines() {
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The numbers of the row that begins with {@code name}. */
  private List<Double> row(String name) {
    return lines().stream()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .map(line -> line.substring(name.length()).strip().split(" +"))
        .map(numbers -> Arrays.stream(numbers).map(Double::valueOf).toList())
        .orElse(List.of());
  }

  @Test
  void stepsTheClassicEnvironmentsAndSaysThatMujocoIsMissing() {
    new EnvironmentTable(console, Environments.standard(), NO_MUJOCO, Duration.ZERO, Duration.ZERO)
        .measure();

    for (String id :
        List.of(
            "CartPole-v1",
            "Acrobot-v1",
            "Pendulum-v1",
            "MountainCar-v0",
            "MountainCarContinuous-v0",
            "FrozenLake-v1")) {
      assertThat(row(id)).as(id).hasSize(3).allMatch(rate -> rate > 0);
    }
    assertThat(lines())
        .last()
        .asString()
        .contains("HalfCheetah-v5, Ant-v5 weren't measured", "MuJoCo", "pip install mujoco");
  }

  @Test
  void samplesWithTheNetworkOfCartPole() throws IOException {
    new EnvironmentTable(console, Environments.standard(), NO_MUJOCO, Duration.ZERO, Duration.ZERO)
        .measureSampling(Optional.empty());

    assertThat(row("CartPole-v1")).hasSize(6).allMatch(rate -> rate > 0);
    assertThat(row("to reach")).containsExactly(100.0, 400.0, 1_200.0);
  }

  @Test
  void showsWhatOthersSampleAndWhichOfThemAreMissing(@TempDir Path folder) throws IOException {
    Path python =
        Files.writeString(
            folder.resolve("python"),
            """
            #!/bin/sh
            case "$3" in
              gymnasium) echo '{"clock": 17000, "processor": 31000}' ;;
              *) echo '{"missing": "envpool"}' ;;
            esac
            """);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));

    new EnvironmentTable(console, Environments.standard(), NO_MUJOCO, Duration.ZERO, Duration.ZERO)
        .measureSampling(Optional.of(new ControlPeer(python)));

    assertThat(row("Gymnasium's vector, torch"))
        .containsExactly(31.0, 31.0, 31.0, 17.0, 17.0, 17.0);
    assertThat(lines())
        .contains("EnvPool wasn't measured: [" + python + "] has no package [envpool]");
  }

  @Test
  void saysWhyPythonsEnvironmentsAreMissing() throws IOException {
    new ForeignEnvironmentTable(
            console,
            _ -> {
              throw new BadEnvironmentException("no Python with gymnasium");
            },
            Map.of(),
            Duration.ZERO,
            Duration.ZERO)
        .measure();

    assertThat(lines())
        .containsExactly("", "environments of Python's weren't measured: no Python with gymnasium");
  }
}
