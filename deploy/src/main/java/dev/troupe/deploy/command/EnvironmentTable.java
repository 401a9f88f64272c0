package dev.troupe.deploy.command;

import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.bench.ControlPeer.Rates;
import dev.troupe.deploy.bench.PeerException;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private static final List<Integer> SIZES = List.of(8, 64, 512);
  private static final List<String> OF_MUJOCO = List.of("HalfCheetah-v5", "Ant-v5");

  private final Console console;
  private final Environments environments;
  private final MujocoInstallation mujoco;
  private final Duration warmUp;
  private final Duration measured;

  /**
   * @param warmUp played before anything is measured
   * @param measured at least this long
   */
  EnvironmentTable(
      Console console,
      Environments environments,
      MujocoInstallation mujoco,
      Duration warmUp,
      Duration measured) {
    this.console = console;
    this.environments = environments;
    this.mujoco = mujoco;
    this.warmUp = warmUp;
    this.measured = measured;
  }

  /**
   * What this machine has, for as long as it takes to be warm.
   *
   * @param variables that lead to MuJoCo
   */
  static EnvironmentTable here(Console console, Map<String, String> variables) {
    return new EnvironmentTable(
        console,
        Environments.standard(variables),
        new MujocoInstallation(variables),
        Duration.ofSeconds(1),
        Duration.ofMillis(500));
  }

  void measure() {
    console.line("environments, random policy, million steps a second of one core's time");
    console.format("%-26s %6d %6d %6d", "environments at once", 8, 64, 512);
    EnvironmentBenchmark benchmark =
        new EnvironmentBenchmark(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    IDS.forEach(id -> measure(benchmark, id));
    if (mujoco.library().isPresent() && mujoco.models().isPresent()) {
      OF_MUJOCO.forEach(id -> measure(benchmark, id));
    } else {
      console.line(
          String.join(", ", OF_MUJOCO)
              + " weren't measured: MuJoCo or its models are missing. What helps: "
              + MujocoInstallation.REMEDY);
    }
  }

  private void measure(EnvironmentBenchmark benchmark, String id) {
    EnvironmentSource source = environments.find(id, Map.of());
    console.format(
        "%-26s %6.3f %6.3f %6.3f",
        id, rate(benchmark, source, 8), rate(benchmark, source, 64), rate(benchmark, source, 512));
  }

  /**
   * The policy is what costs: CartPole with the network that its recipe has.
   *
   * @param peer to compare with
   */
  void measureSampling(Optional<ControlPeer> peer) throws IOException {
    console.line("");
    console.line(
        "environment and policy (4-64-64-2, tanh), fragments recorded, thousand steps a second of"
            + " one core's time, then by the clock");
    console.format(
        "%-26s %6d %6d %6d  %6d %6d %6d", "environments at once", 8, 64, 512, 8, 64, 512);
    EnvironmentSource source = Environments.standard().find("CartPole-v1", Map.of());
    ControlNetwork network =
        ControlNetwork.of(
            ControlShape.plain(4, List.of(64, 64), new ActionDistribution.Categorical(2)));
    SamplingSpeed busy =
        new SamplingSpeed(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    SamplingSpeed clock = new SamplingSpeed(System::nanoTime);
    try (PolicySnapshot policy = PolicySnapshot.of(1, 0, network.initial(1))) {
      List<Rates> rates =
          SIZES.stream()
              .map(
                  lanes ->
                      new Rates(
                          clock.stepsPerSecond(source, lanes, network, policy, warmUp, measured),
                          busy.stepsPerSecond(source, lanes, network, policy, warmUp, measured)))
              .toList();
      showSampling("CartPole-v1", rates);
    }
    if (peer.isPresent()) {
      for (ControlPeer.Vector vector : ControlPeer.Vector.values()) {
        showPeer(peer.get(), vector);
      }
    }
    console.format("%-26s %6d %6d %6d", "to reach", 100, 400, 1200);
  }

  private void showPeer(ControlPeer peer, ControlPeer.Vector vector) throws IOException {
    try {
      List<Rates> rates = new ArrayList<>();
      for (int lanes : SIZES) {
        rates.add(peer.sampling(vector, "CartPole-v1", lanes));
      }
      showSampling(vector.title() + ", torch", rates);
    } catch (PeerException e) {
      console.format("%s wasn't measured: %s", vector.title(), e.why());
    }
  }

  private void showSampling(String name, List<Rates> rates) {
    console.format(
        "%-26s %6.0f %6.0f %6.0f  %6.0f %6.0f %6.0f",
        name,
        rates.get(0).processor() / 1e3,
        rates.get(1).processor() / 1e3,
        rates.get(2).processor() / 1e3,
        rates.get(0).clock() / 1e3,
        rates.get(1).clock() / 1e3,
        rates.get(2).clock() / 1e3);
  }

  private double rate(EnvironmentBenchmark benchmark, EnvironmentSource source, int lanes) {
    return benchmark.stepsPerSecond(source, lanes, warmUp, measured) / 1e6;
  }
}
