package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.rollout.environment.EnvironmentBenchmark;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How fast the classic environments step, for a few sizes of the vector: by one core's time, which
 * other work on the machine doesn't take away.
 */
final class EnvironmentTable {
  private static final List<String> IDS =
      List.of(
          "CartPole-v1",
          "Acrobot-v1",
          "Pendulum-v1",
          "MountainCar-v0",
          "MountainCarContinuous-v0",
          "FrozenLake-v1");
  private static final Duration WARM_UP = Duration.ofMillis(500);
  private static final Duration MEASURED = Duration.ofMillis(500);

  private final Console console;

  EnvironmentTable(Console console) {
    this.console = console;
  }

  void measure() {
    console.line("environments, random policy, million steps a second of one core's time");
    console.format("%-26s %6d %6d %6d", "environments at once", 8, 64, 512);
    EnvironmentBenchmark benchmark =
        new EnvironmentBenchmark(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    for (String id : IDS) {
      EnvironmentSource source = Environments.standard().find(id, Map.of());
      console.format(
          "%-26s %6.2f %6.2f %6.2f",
          id,
          rate(benchmark, source, 8),
          rate(benchmark, source, 64),
          rate(benchmark, source, 512));
    }
  }

  private static double rate(EnvironmentBenchmark benchmark, EnvironmentSource source, int lanes) {
    return benchmark.stepsPerSecond(source, lanes, WARM_UP, MEASURED) / 1e6;
  }
}
