package dev.troupe.actors.run;

import dev.troupe.actors.control.ControlTasks;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What a run attempts, and who judges it.
 *
 * @param training task of a group, by the group's number
 * @param evaluation tasks of evaluations
 */
record RunTasks(LongFunction<Task> training, List<Task> evaluation, VerifierRef verifier) {
  RunTasks {
    evaluation = List.copyOf(evaluation);
  }

  /**
   * @param files finds what the recipe names
   * @param verifier of a run whose environment doesn't judge by itself
   */
  static RunTasks of(
      RunSpecification run, Function<String, Path> files, Supplier<VerifierRef> verifier) {
    if (run.control().isPresent()) {
      ControlRun control = run.control().get();
      EnvironmentSpecification environment = control.environment();
      return new RunTasks(
          number -> ControlTasks.training(environment, run.seed(), number),
          ControlTasks.evaluation(environment, run.seed(), run.evaluation().tasksMax()),
          ControlTasks.verifier(environment));
    }
    TaskSource tasks = TaskSources.of(run.tasks(), run.seed(), files);
    int count = Math.min(run.evaluation().tasksMax(), tasks.heldOutCount());
    return new RunTasks(
        tasks::training,
        IntStream.range(0, count).mapToObj(tasks::heldOut).toList(),
        verifier.get());
  }
}
