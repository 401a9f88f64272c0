package dev.troupe.actors.control;

import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.random.Philox;
import java.util.ArrayList;
import java.util.List;

/** What there is to attempt in environments: fragments to train on, episodes to evaluate by. */
public final class ControlTasks {
  /** Episodes of an evaluation that are played together. */
  private static final int EPISODES_TOGETHER = 32;

  private ControlTasks() {}

  /** Fragment {@code number}; its seed counts where it is the first one of its environments. */
  public static Task training(EnvironmentSpecification environment, long seed, long number) {
    return task(environment, seed, "environments", number, environment.count());
  }

  /** {@code episodes} episodes, always the same, in tasks that are played together. */
  public static List<Task> evaluation(
      EnvironmentSpecification environment, long seed, int episodes) {
    List<Task> tasks = new ArrayList<>();
    for (int from = 0; from < episodes; from += EPISODES_TOGETHER) {
      int together = Math.min(EPISODES_TOGETHER, episodes - from);
      tasks.add(task(environment, seed, "evaluation", tasks.size(), together));
    }
    return List.copyOf(tasks);
  }

  private static Task task(
      EnvironmentSpecification environment, long seed, String stream, long number, int lanes) {
    long first = Philox.bits(Philox.key(seed, stream), 0, number) >>> 2;
    return new Task(
        number,
        environment.id(),
        "",
        new TaskContent.Environment(environment.id(), first, lanes, environment.steps()));
  }

  /** Who judges: the environment itself. */
  public static VerifierRef verifier(EnvironmentSpecification environment) {
    return new VerifierRef("environment", environment.id(), "");
  }
}
