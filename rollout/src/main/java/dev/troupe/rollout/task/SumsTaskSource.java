package dev.troupe.rollout.task;

import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.rollout.random.KeyedPermutation;
import dev.troupe.rollout.random.Philox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sums and differences of two numbers of up to N digits.
 *
 * <p>A problem is (operation, left, right) with both numbers uniform in [0, 10ᴺ). Held-out problems
 * are chosen by the seed; with {@code 47+85} its twin {@code 85+47} is kept out of training, too,
 * and is not held out a second time. Differences may be negative: {@code 12-47=} has the answer
 * {@code -35}, or {@code -53} with the lowest digit first (the sign leads either way).
 */
final class SumsTaskSource implements TaskSource {
  static final String NAME = "sums";
  private static final int DIGITS_MAX = 8;
  private static final int HELD_OUT_MAX = 1_000_000;

  private final SumsWriting writing;
  private final String operations;
  private final long numbers;
  private final long trainingKey;
  private final long[] heldOut;
  private final ExclusiveNumbers training;

  SumsTaskSource(TaskSpecification.Sums specification, long seed) {
    require(
        specification.digits() >= 1 && specification.digits() <= DIGITS_MAX,
        "digits must be between [1] and ["
            + DIGITS_MAX
            + "], got ["
            + specification.digits()
            + "]");
    operations = String.join("", specification.operations());
    require(
        !operations.isEmpty()
            && Set.of("+", "-").containsAll(specification.operations())
            && Set.copyOf(specification.operations()).size() == operations.length(),
        "operations must be [+], [-] or both, got " + specification.operations());
    writing =
        new SumsWriting(
            specification.lowestDigitFirst(),
            specification.zeroPadded() ? specification.digits() : 0);
    numbers = Math.round(Math.pow(10, specification.digits()));
    trainingKey = Philox.key(seed, "sums.training");
    long problems = operations.length() * numbers * numbers;
    int count = specification.heldOut();
    require(
        count >= 0 && count <= HELD_OUT_MAX && 2L * count < problems,
        "held-out must be between [0] and ["
            + Math.min(HELD_OUT_MAX, (problems - 1) / 2)
            + "] (under half of the ["
            + problems
            + "] problems), got ["
            + count
            + "]");
    KeyedPermutation order = new KeyedPermutation(Philox.key(seed, "sums.held-out"), problems);
    List<Long> chosen = new ArrayList<>(count);
    Set<Long> excluded = new HashSet<>(4 * count);
    for (long index = 0; chosen.size() < count; index++) {
      long code = order.at(index);
      if (excluded.add(code)) {
        chosen.add(code);
        excluded.add(code(problem(code).twin()));
      }
    }
    heldOut = chosen.stream().mapToLong(Long::longValue).toArray();
    training = new ExclusiveNumbers(problems, excluded);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long trainingCount() {
    return training.count();
  }

  @Override
  public Task training(long number) {
    return task(number, trainingProblem(number));
  }

  SumsProblem trainingProblem(long number) {
    return problem(training.at(Epochs.index(trainingKey, number, training.count())));
  }

  @Override
  public int heldOutCount() {
    return heldOut.length;
  }

  @Override
  public Task heldOut(int index) {
    return task(index, problem(heldOut[index]));
  }

  String prompt(SumsProblem problem) {
    return writing.prompt(problem);
  }

  String write(SumsProblem problem, SumsProblem.Worked worked) {
    return writing.answer(problem, worked.value());
  }

  private Task task(long number, SumsProblem problem) {
    String answer = write(problem, problem.work(SumsProblem.Forgetting.NOTHING));
    return new Task(
        number, NAME, problem.difficulty(), new TaskContent.Prompt(prompt(problem), answer));
  }

  private SumsProblem problem(long code) {
    long pair = code / operations.length();
    char operation = operations.charAt((int) (code % operations.length()));
    return new SumsProblem(operation, pair / numbers, pair % numbers);
  }

  private long code(SumsProblem problem) {
    long pair = problem.left() * numbers + problem.right();
    return pair * operations.length() + operations.indexOf(problem.operation());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new BadTasksException("tasks of kind [sums]: " + message);
    }
  }
}
