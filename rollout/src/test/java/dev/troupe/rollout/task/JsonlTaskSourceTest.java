package dev.troupe.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.TaskContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlTaskSourceTest {
  @TempDir private Path folder = Path.of("");

  private TaskSource source(String content, String template, int heldOut) throws IOException {
    Files.write(folder.resolve("tasks.jsonl"), content.getBytes(StandardCharsets.ISO_8859_1));
    return TaskSources.of(
        new TaskSpecification.Jsonl("tasks.jsonl", template, "answer", "", heldOut),
        1,
        folder::resolve);
  }

  private static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, count)
        .forEach(i -> lines.append("{\"q\":\"q%d\",\"answer\":%d}%n".formatted(i, i)));
    return lines.toString();
  }

  @Test
  void fillsTheTemplateAndTakesTheAnswer() throws IOException {
    TaskSource source = source("{\"q\":\"2+2\",\"answer\":4}\n", "{{Q}} {q} =", 0);
    assertThat(source.training(0).content()).isEqualTo(new TaskContent.Prompt("{Q} 2+2 =", "4"));
    assertThat(source.name()).hasSize(64).isEqualTo(source.training(3).source());
  }

  @Test
  void whatIsNoTextIsExpectedAsJsonAndAStarStandsForTheWholeObject() throws IOException {
    TaskSource list = source("{\"q\":\"x\",\"answer\":[\"a\",\"b\"]}\n", "{q}", 0);
    assertThat(list.training(0).content()).isEqualTo(new TaskContent.Prompt("x", "[\"a\",\"b\"]"));
    TaskSource whole =
        TaskSources.of(
            new TaskSpecification.Jsonl("tasks.jsonl", "{q}", "*", "", 0), 1, folder::resolve);
    assertThat(whole.training(0).content())
        .isEqualTo(new TaskContent.Prompt("x", "{\"q\":\"x\",\"answer\":[\"a\",\"b\"]}"));
  }

  @Test
  void anEpochShowsEveryLineOnceExceptTheHeldOut() throws IOException {
    TaskSource source = source(lines(20), "{q}", 5);
    assertThat(source.trainingCount()).isEqualTo(15);
    assertThat(
            IntStream.range(0, 15)
                .mapToObj(i -> source.training(30 + i).content())
                .distinct()
                .count())
        .isEqualTo(15);
    var training = IntStream.range(0, 15).mapToObj(i -> source.training(i).content()).toList();
    for (int index = 0; index < 5; index++) {
      assertThat(training).doesNotContain(source.heldOut(index).content());
    }
  }

  @Test
  void namesFileAndLineOfWhatIsNotJson() {
    assertThatThrownBy(() -> source("{\"q\":1,\"answer\":2}\n\nnot json\n", "{q}", 0))
        .isInstanceOf(BadTasksException.class)
        .hasMessage("tasks.jsonl:3: this line is not JSON: [not json]");
    assertThatThrownBy(() -> source("{\"q\":1,\"answer\":2} 7\n", "{q}", 0))
        .hasMessageContaining("tasks.jsonl:1: this line is not JSON: [{\"q\":1,\"answer\":2} 7]");
    assertThatThrownBy(() -> source("{\"q\":1,\"answer\":\n", "{q}", 0))
        .hasMessageContaining("tasks.jsonl:1: this line is not JSON");
    assertThatThrownBy(() -> source("[1]\n", "{q}", 0))
        .hasMessage("tasks.jsonl:1: this line must be a JSON object, got [[1]]");
    assertThatThrownBy(() -> source("{\"q\":\"\u00e9\",\"answer\":2}\n", "{q}", 0))
        .hasMessage("tasks.jsonl:1: this line is not UTF-8");
  }

  @Test
  void namesFileLineAndFieldThatIsMissing() {
    assertThatThrownBy(() -> source("{\"q\":1,\"answer\":2}\n{\"q\":1}\n", "{q}", 0))
        .hasMessage("tasks.jsonl:2: this line has no field [answer], it has [q]");
    assertThatThrownBy(() -> source("{\"q\":[1],\"answer\":2}\n", "{q}", 0))
        .hasMessage("tasks.jsonl:1: this line must have text or a number in field [q], got [[1]]");
  }

  @Test
  void refusesWhatLeavesNothingToTrainOn() {
    assertThatThrownBy(() -> source(lines(5), "{q}", 5))
        .hasMessage(
            "held-out must be between [0] and [4] (under the [5] lines of [tasks.jsonl]), got [5]");
    assertThatThrownBy(() -> source("\n", "{q}", 0))
        .hasMessage("[tasks.jsonl] has no lines, expected one JSON object a line");
  }

  @Test
  void refusesALoneBraceInTheTemplate() {
    assertThatThrownBy(() -> source(lines(2), "Q: {q", 0))
        .hasMessage(
            "prompt template [Q: {q] has a lone brace at character [4], expected {field}; write {{"
                + " or }} for a brace itself");
  }

  @Test
  void saysWhichFileCannotBeRead() {
    assertThatThrownBy(
            () ->
                TaskSources.of(
                    new TaskSpecification.Jsonl("none.jsonl", "{q}", "a", "", 0),
                    1,
                    folder::resolve))
        .hasMessageContaining("can't read [none.jsonl] at [");
  }
}
