package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.rollout.environment.EnvironmentBenchmark;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.mujoco.MujocoInstallation;
import dev.troupe.rollout.fragment.SamplingSpeed;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
  private static final Duration WARM_UP = Duration.ofSeconds(1);
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
    for (String id : ids()) {
      EnvironmentSource source = Environments.standard().find(id, Map.of());
      console.format(
          "%-26s %6.3f %6.3f %6.3f",
          id,
          rate(benchmark, source, 8),
          rate(benchmark, source, 64),
          rate(benchmark, source, 512));
    }
  }

  /** Those that this machine has what they need for. */
  private static List<String> ids() {
    var ids = new ArrayList<>(IDS);
    var mujoco = new MujocoInstallation(System.getenv());
    if (mujoco.library().isPresent() && mujoco.models().isPresent()) {
      ids.addAll(List.of("HalfCheetah-v5", "Ant-v5"));
    }
    return ids;
  }

  /** The policy is what costs: CartPole with the network that its recipe has. */
  void measureSampling() {
    console.line("");
    console.line(
        "environment and policy (4-64-64-2, tanh), fragments recorded, thousand steps a second of"
            + " one core's time");
    console.format("%-26s %6d %6d %6d", "environments at once", 8, 64, 512);
    EnvironmentSource source = Environments.standard().find("CartPole-v1", Map.of());
    ControlNetwork network =
        ControlNetwork.of(
            ControlShape.plain(4, List.of(64, 64), new ActionDistribution.Categorical(2)));
    SamplingSpeed speed =
        new SamplingSpeed(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    try (PolicySnapshot policy = PolicySnapshot.of(1, 0, network.initial(1))) {
      double[] rates =
          IntStream.of(8, 64, 512)
              .mapToDouble(
                  lanes -> speed.stepsPerSecond(source, lanes, network, policy, WARM_UP, MEASURED))
              .toArray();
      console.format(
          "%-26s %6.0f %6.0f %6.0f", "CartPole-v1", rates[0] / 1e3, rates[1] / 1e3, rates[2] / 1e3);
      console.format("%-26s %6d %6d %6d", "to reach", 100, 400, 1200);
    }
  }

  private static double rate(EnvironmentBenchmark benchmark, EnvironmentSource source, int lanes) {
    return benchmark.stepsPerSecond(source, lanes, WARM_UP, MEASURED) / 1e6;
  }
}
