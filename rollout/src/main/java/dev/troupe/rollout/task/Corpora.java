package dev.troupe.rollout.task;

import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.random.Philox;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Makes corpora from recipes. */
public final class Corpora {
  private Corpora() {}

  /**
   * The corpus that {@code specification} describes.
   *
   * @param tasks of the same recipe
   * @param seed of the run
   * @param files where a file that the recipe names is found
   * @throws BadTasksException with file and line where examples can't be used
   */
  public static Corpus of(
      SftSpecification.Corpus specification,
      TaskSpecification tasks,
      long seed,
      Function<String, Path> files) {
    return switch (specification) {
      case SftSpecification.Corpus.Generated generated -> generated(generated, tasks, seed);
      case SftSpecification.Corpus.References _ -> references(TaskSources.of(tasks, seed, files));
      case SftSpecification.Corpus.Jsonl jsonl -> lines(jsonl.file(), seed, files);
    };
  }

  /**
   * Worked sums in which a share of the carries is forgotten. Which ones is a pure function of
   * (seed, example, place), so an example's mistakes don't depend on any other.
   */
  private static Corpus generated(
      SftSpecification.Corpus.Generated specification, TaskSpecification tasks, long seed) {
    double share = specification.carriesForgotten();
    return switch (tasks) {
      case TaskSpecification.Sums sums -> {
        SumsTaskSource source = new SumsTaskSource(sums, seed);
        long key = Philox.key(seed, "corpus.forgotten");
        yield number -> {
          SumsProblem problem = source.trainingProblem(number);
          var forgetting = SumsProblem.Forgetting.share(share, key, number);
          return new Corpus.Example(
              source.prompt(problem), source.write(problem, problem.work(forgetting)));
        };
      }
      case TaskSpecification.Jsonl jsonl ->
          throw new BadTasksException(
              "a generated corpus needs tasks of kind [sums], got lines of ["
                  + jsonl.file()
                  + "]; use a corpus of references or a JSONL corpus");
    };
  }

  private static Corpus references(TaskSource source) {
    return number -> {
      Task task = source.training(number);
      return switch (task.content()) {
        case TaskContent.Prompt(String prompt, String expected) ->
            new Corpus.Example(prompt, expected);
        case TaskContent.Environment environment ->
            throw new BadTasksException(
                "a corpus needs tasks with a prompt, got [" + environment + "]");
      };
    };
  }

  private static Corpus lines(String file, long seed, Function<String, Path> files) {
    List<Corpus.Example> examples =
        JsonLines.read(file, files.apply(file)).lines().stream()
            .map(line -> new Corpus.Example(line.text("prompt"), line.text("completion")))
            .toList();
    long key = Philox.key(seed, "corpus.lines");
    return number -> examples.get((int) Epochs.index(key, number, examples.size()));
  }
}
