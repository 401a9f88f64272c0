package dev.troupe.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaTest {
  private static final TaskSpecification.Sums SUMS =
      new TaskSpecification.Sums(2, List.of("+"), true, false, 100);

  private static Corpus generated(double forgotten, long seed) {
    return Corpora.of(
        new SftSpecification.Corpus.Generated(forgotten), SUMS, seed, file -> Path.of(file));
  }

  private static boolean right(Corpus.Example example) {
    String[] operands = example.prompt().replace("=", "").split("\\+");
    long sum = Long.parseLong(operands[0]) + Long.parseLong(operands[1]);
    return new StringBuilder(Long.toString(sum)).reverse().toString().equals(example.completion());
  }

  @Test
  void nothingForgottenIsTheReference() {
    Corpus corpus = generated(0, 3);
    Corpus references =
        Corpora.of(new SftSpecification.Corpus.References(), SUMS, 3, file -> Path.of(file));
    for (long number = 0; number < 500; number++) {
      assertThat(corpus.example(number)).isEqualTo(references.example(number));
      assertThat(right(corpus.example(number))).isTrue();
    }
  }

  @Test
  void forgetsTheShareOfCarriesThatWasAskedFor() {
    long seed = 3;
    SumsTaskSource tasks = new SumsTaskSource(SUMS, seed);
    Corpus corpus = generated(0.6, seed);
    int withOneCarry = 0;
    int wrong = 0;
    for (long number = 0; number < tasks.trainingCount(); number++) {
      SumsProblem problem = tasks.trainingProblem(number);
      if (problem.work(SumsProblem.Forgetting.NOTHING).carries() == 1) {
        withOneCarry++;
        wrong += right(corpus.example(number)) ? 0 : 1;
      }
    }
    assertThat((double) wrong / withOneCarry).as("seed %s", seed).isBetween(0.58, 0.62);
  }

  @Test
  void mistakesDependOnSeedAndNumberOnly() {
    assertThat(generated(0.6, 3).example(77)).isEqualTo(generated(0.6, 3).example(77));
    Corpus corpus = generated(0.6, 3);
    for (long number = 0; number < 50; number++) {
      corpus.example(number);
    }
    assertThat(corpus.example(77)).isEqualTo(generated(0.6, 3).example(77));
  }

  @Test
  void readsPromptsAndCompletionsFromLines(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("corpus.jsonl");
    Files.writeString(file, "{\"prompt\":\"a\",\"completion\":\"b\"}\n");
    Corpus corpus =
        Corpora.of(new SftSpecification.Corpus.Jsonl("corpus.jsonl"), SUMS, 3, folder::resolve);
    assertThat(corpus.example(0)).isEqualTo(new Corpus.Example("a", "b"));
    assertThat(corpus.example(5)).isEqualTo(new Corpus.Example("a", "b"));
  }

  @Test
  void refusesAGeneratedCorpusForLinesOfText() {
    var tasks = new TaskSpecification.Jsonl("x.jsonl", "{q}", "a", "", 0);
    assertThatThrownBy(
            () ->
                Corpora.of(
                    new SftSpecification.Corpus.Generated(0.5), tasks, 1, file -> Path.of(file)))
        .hasMessage(
            "a generated corpus needs tasks of kind [sums], got lines of [x.jsonl]; use a corpus of"
                + " references or a JSONL corpus");
    assertThatThrownBy(() -> generated(1.5, 1))
        .hasMessage("[carriesForgotten] must be within 0.0 and 1.0, got [1.5]");
  }
}
