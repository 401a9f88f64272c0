package dev.troupe.deploy.command;

import dev.troupe.deploy.bench.ControlPeer;
import dev.troupe.deploy.bench.PeerException;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentBenchmark;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.python.Python;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * How fast Gymnasium's CartPole steps through a worker, beside Gymnasium's own vector and
 * EnvPool's: by the wall's clock, since the work is another process's.
 */
final class ForeignEnvironmentTable {
  private static final String ID = "CartPole-v1";

  private final Console console;
  private final Function<String, EnvironmentSource> environments;
  private final Map<String, String> variables;
  private final Duration warmUp;
  private final Duration measured;

  /**
   * @param environments finds one by its id
   * @param variables that lead to Python
   * @param warmUp played before anything is measured
   * @param measured at least this long
   */
  ForeignEnvironmentTable(
      Console console,
      Function<String, EnvironmentSource> environments,
      Map<String, String> variables,
      Duration warmUp,
      Duration measured) {
    this.console = console;
    this.environments = environments;
    this.variables = variables;
    this.warmUp = warmUp;
    this.measured = measured;
  }

  /**
   * What this machine has, for as long as it takes to be warm.
   *
   * @param variables that lead to Python
   */
  static ForeignEnvironmentTable here(Console console, Map<String, String> variables) {
    return new ForeignEnvironmentTable(
        console,
        id -> Environments.standard(variables).find(id, Map.of()),
        variables,
        Duration.ofMillis(500),
        Duration.ofSeconds(2));
  }

  void measure() throws IOException {
    console.line("");
    EnvironmentSource source;
    try {
      source = environments.apply("gym:" + ID);
    } catch (BadEnvironmentException e) {
      console.line("environments of Python's weren't measured: " + e.getMessage());
      return;
    }
    var benchmark = new EnvironmentBenchmark(System::nanoTime);
    var peer = new ControlPeer(Python.find(variables).orElseThrow().program());
    console.line("environments of Python's, thousand steps a second by the clock");
    console.format("%-26s %6d %6d", "environments at once", 8, 64);
    console.format(
        "%-26s %6.1f %6.1f",
        "gym:" + ID,
        benchmark.stepsPerSecond(source, 8, warmUp, measured) / 1e3,
        benchmark.stepsPerSecond(source, 64, warmUp, measured) / 1e3);
    for (ControlPeer.Vector vector : ControlPeer.Vector.values()) {
      try {
        console.format(
            "%-26s %6.1f %6.1f",
            vector.title(),
            peer.steps(vector, ID, 8).clock() / 1e3,
            peer.steps(vector, ID, 64).clock() / 1e3);
      } catch (PeerException e) {
        console.format("%s wasn't measured: %s", vector.title(), e.why());
      }
    }
  }
}
