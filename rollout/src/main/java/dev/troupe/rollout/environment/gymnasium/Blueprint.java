package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.protocol.proto.GymnasiumMake;
import dev.troupe.protocol.proto.GymnasiumReply;
import dev.troupe.protocol.proto.GymnasiumRequest;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.environment.python.PythonPrograms;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which environment is meant and how its Python is started; knows its spaces once it was made.
 *
 * <p>Threads may share it.
 */
final class Blueprint {
  private final String id;
  private final Map<String, String> arguments;
  private final boolean flatten;
  private final Python python;
  private final Map<String, String> variables;
  private final int workers;
  private final Duration limit;
  private @Nullable Spaces spaces;

  /** What the environment takes and gives. */
  record Spaces(Space observations, Space actions) {}

  /**
   * @param id by which Gymnasium knows it
   * @param arguments of its constructor, as Python writes them
   * @param flatten whether composed observations become one box
   * @param variables for its process
   * @param workers processes that share the lanes of a vector
   * @param limit of an answer
   */
  Blueprint(
      String id,
      Map<String, String> arguments,
      boolean flatten,
      Python python,
      Map<String, String> variables,
      int workers,
      Duration limit) {
    this.id = id;
    this.arguments = Map.copyOf(arguments);
    this.flatten = flatten;
    this.python = python;
    this.variables = Map.copyOf(variables);
    this.workers = workers;
    this.limit = limit;
  }

  int workers() {
    return workers;
  }

  Duration limit() {
    return limit;
  }

  /**
   * A program that has made one such environment.
   *
   * @throws BadEnvironmentException if it can't be made
   */
  WorkerProcess start() throws WorkerLostException {
    WorkerProcess process = PythonPrograms.start(python, Blueprint.class, "worker.py", variables);
    try {
      learn(process.ask(make(), GymnasiumReply.parser(), WorkerProcess.START_MAX));
      return process;
    } catch (BadEnvironmentException e) {
      process.close();
      throw e;
    }
  }

  private GymnasiumRequest make() {
    var make = GymnasiumMake.newBuilder().setId(id).setFlatten(flatten);
    arguments.forEach((name, value) -> make.addArguments(name).addArguments(value));
    return GymnasiumRequest.newBuilder().setMake(make).build();
  }

  private synchronized void learn(GymnasiumReply reply) {
    if (reply.getFailuresCount() > 0) {
      throw new BadEnvironmentException(refusal(reply.getFailures(0).getText()));
    }
    spaces =
        new Spaces(
            GymnasiumSpaces.of("observation", id, reply.getObservations()),
            GymnasiumSpaces.of("action", id, reply.getActions()));
  }

  /**
   * Made once to see them.
   *
   * @throws BadEnvironmentException if it can't be made
   */
  synchronized Spaces spaces() {
    if (spaces == null) {
      try (WorkerProcess _ = start()) {
        return spaces();
      } catch (WorkerLostException e) {
        throw new BadEnvironmentException(
            "environment [gym:" + id + "] can't be made: " + e.getMessage(), e);
      }
    }
    return spaces;
  }

  private String refusal(String text) {
    boolean isMissing = text.contains("No module named 'gymnasium'");
    return isMissing
        ? "Python ["
            + python
            + "] has no package gymnasium, which [gym:"
            + id
            + "] needs: "
            + python.program()
            + " -m pip install gymnasium, or name another Python in "
            + Python.VARIABLE
            + " or in the option [python]"
        : "environment [gym:" + id + "] can't be made by Python [" + python + "]: " + text;
  }
}
