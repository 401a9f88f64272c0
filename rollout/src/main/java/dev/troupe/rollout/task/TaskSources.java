package dev.troupe.rollout.task;

import dev.troupe.protocol.run.TaskSpecification;
import java.nio.file.Path;
import java.util.function.Function;

/** Makes task sources from recipes. */
public final class TaskSources {
  private TaskSources() {}

  /**
   * The source that {@code specification} describes.
   *
   * @param seed of the run: chooses held-out problems and the order of training
   * @param files where a file that the recipe names is found
   * @throws BadTasksException with file and line where tasks can't be used
   */
  public static TaskSource of(
      TaskSpecification specification, long seed, Function<String, Path> files) {
    return switch (specification) {
      case TaskSpecification.Sums sums -> new SumsTaskSource(sums, seed);
      case TaskSpecification.Jsonl jsonl -> new JsonlTaskSource(jsonl, seed, files);
    };
  }
}
