package dev.troupe.deploy.bench;

import dev.troupe.rollout.environment.python.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Gymnasium's own vector of environments, in a Python that has it. */
public final class GymnasiumPeer {
  private static final String PROGRAM =
      """
      import sys, time
      import gymnasium, numpy
      from gymnasium.vector import AutoresetMode
      name, count = sys.argv[1], int(sys.argv[2])
      vector = gymnasium.make_vec(
          name, num_envs=count, vectorization_mode="sync",
          vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP})
      random = numpy.random.default_rng(1)
      choices = vector.single_action_space.n
      def play(seconds):
          begun, steps = time.perf_counter(), 0
          while time.perf_counter() - begun < seconds:
              for _ in range(20):
                  vector.step(random.integers(choices, size=count))
              steps += 20 * count
          return steps / (time.perf_counter() - begun)
      vector.reset(seed=0)
      play(0.5)
      print(play(2))
      """;

  private final Python python;

  public GymnasiumPeer(Python python) {
    this.python = python;
  }

  /** Steps a second of all environments together, random choices included; NaN if it can't. */
  public double stepsPerSecond(String name, int environments) {
    try {
      Process process =
          new ProcessBuilder(
                  python.program().toString(), "-c", PROGRAM, name, Integer.toString(environments))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Double.parseDouble(said) : Double.NaN;
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    }
  }
}
