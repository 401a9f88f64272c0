package dev.troupe.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SumsTaskSourceTest {
  private static final List<String> BOTH = List.of("+", "-");

  private static TaskSource sums(int digits, List<String> operations, int heldOut, long seed) {
    return TaskSources.of(
        new TaskSpecification.Sums(digits, operations, true, false, heldOut),
        seed,
        file -> {
          throw new AssertionError("sums need no file, asked for " + file);
        });
  }

  private static String prompt(Task task) {
    return ((TaskContent.Prompt) task.content()).prompt();
  }

  private static String twin(String prompt) {
    int plus = prompt.indexOf('+');
    return plus < 0
        ? prompt
        : prompt.substring(plus + 1, prompt.length() - 1) + "+" + prompt.substring(0, plus) + "=";
  }

  @Test
  void theSameNumberIsTheSameTaskInEveryProcess() {
    Task task = sums(2, BOTH, 200, 1).training(12_345);
    assertThat(sums(2, BOTH, 200, 1).training(12_345)).isEqualTo(task);
    assertThat(task.number()).isEqualTo(12_345);
    assertThat(task.source()).isEqualTo("sums");
    assertThat(sums(2, BOTH, 200, 2).training(12_345).content()).isNotEqualTo(task.content());
  }

  @Test
  void anEpochShowsEveryTrainingProblemOnceAndNoHeldOutOneNorItsTwin() {
    TaskSource source = sums(1, BOTH, 30, 5);
    Set<String> heldOut = new HashSet<>();
    for (int index = 0; index < source.heldOutCount(); index++) {
      heldOut.add(prompt(source.heldOut(index)));
    }
    assertThat(heldOut).hasSize(30);
    Map<String, Integer> seen = new HashMap<>();
    for (long number = 0; number < 2 * source.trainingCount(); number++) {
      seen.merge(prompt(source.training(number)), 1, Integer::sum);
    }
    assertThat(seen.values()).containsOnly(2);
    assertThat(seen.keySet()).noneMatch(p -> heldOut.contains(p) || heldOut.contains(twin(p)));
    Set<String> all = new HashSet<>(seen.keySet());
    all.addAll(heldOut);
    heldOut.forEach(p -> all.add(twin(p)));
    assertThat(all).hasSize(200);
  }

  @Test
  void epochsHaveDifferentOrders() {
    TaskSource source = sums(2, List.of("+"), 100, 5);
    long epoch = source.trainingCount();
    assertThat(prompt(source.training(0))).isNotEqualTo(prompt(source.training(epoch)));
  }

  @Test
  void carriesTheReferenceAnswerAndTheDifficulty() {
    TaskSource source = sums(2, List.of("+"), 0, 9);
    for (long number = 0; number < source.trainingCount(); number++) {
      Task task = source.training(number);
      if (prompt(task).equals("47+85=")) {
        assertThat(task.content()).isEqualTo(new TaskContent.Prompt("47+85=", "231"));
        assertThat(task.difficulty()).isEqualTo("2 digits, 2 carries");
        return;
      }
    }
    throw new AssertionError("47+85= never came");
  }

  @Test
  void refusesMoreHeldOutProblemsThanLeaveHalfForTraining() {
    assertThatThrownBy(() -> sums(1, List.of("+"), 50, 1))
        .isInstanceOf(BadTasksException.class)
        .hasMessage(
            "tasks of kind [sums]: held-out must be between [0] and [49] (under half of the [100]"
                + " problems), got [50]");
  }

  @Test
  void refusesOperationsItDoesNotKnow() {
    assertThatThrownBy(() -> sums(1, List.of("*"), 0, 1))
        .hasMessage("[operations] must be at least one of + and -, got [[*]]");
    assertThatThrownBy(() -> sums(1, List.of("+", "+"), 0, 1))
        .hasMessage("tasks of kind [sums]: operations must be [+], [-] or both, got [+, +]");
    assertThatThrownBy(() -> sums(9, List.of("+"), 0, 1))
        .hasMessage("tasks of kind [sums]: digits must be between [1] and [8], got [9]");
  }
}
