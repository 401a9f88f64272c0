package dev.troupe.rollout.task;

import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.random.KeyedPermutation;
import dev.troupe.rollout.random.Philox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Tasks from a file of JSON objects. Every line is checked when the source is made, so a bad line
 * stops a run before it starts. The seed chooses which lines are held out.
 */
final class JsonlTaskSource implements TaskSource {
  private record Row(String difficulty, TaskContent.Prompt prompt) {}

  private final String name;
  private final List<Row> rows;
  private final KeyedPermutation order;
  private final int heldOut;
  private final long trainingKey;

  JsonlTaskSource(TaskSpecification.Jsonl specification, long seed, Function<String, Path> files) {
    String file = specification.file();
    JsonLines lines = JsonLines.read(file, files.apply(file));
    PromptTemplate template = new PromptTemplate(specification.promptTemplate());
    name = lines.hash();
    rows = new ArrayList<>(lines.lines().size());
    for (JsonLines.Line line : lines.lines()) {
      String difficulty =
          specification.difficultyField().isEmpty()
              ? ""
              : line.text(specification.difficultyField());
      String answer = line.answer(specification.answerField());
      rows.add(new Row(difficulty, new TaskContent.Prompt(template.fill(line), answer)));
    }
    heldOut = specification.heldOut();
    if (heldOut < 0 || heldOut >= rows.size()) {
      throw new BadTasksException(
          "held-out must be between [0] and ["
              + (rows.size() - 1)
              + "] (under the ["
              + rows.size()
              + "] lines of ["
              + file
              + "]), got ["
              + heldOut
              + "]");
    }
    order = new KeyedPermutation(Philox.key(seed, "jsonl.held-out"), rows.size());
    trainingKey = Philox.key(seed, "jsonl.training");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long trainingCount() {
    return (long) rows.size() - heldOut;
  }

  @Override
  public Task training(long number) {
    return task(number, heldOut + Epochs.index(trainingKey, number, trainingCount()));
  }

  @Override
  public int heldOutCount() {
    return heldOut;
  }

  @Override
  public Task heldOut(int index) {
    if (index < 0 || index >= heldOut) {
      throw new IndexOutOfBoundsException(
          "[" + heldOut + "] lines are held out, there is no index [" + index + "]");
    }
    return task(index, index);
  }

  private Task task(long number, long place) {
    Row row = rows.get((int) order.at(place));
    return new Task(number, name, row.difficulty(), row.prompt());
  }
}
