package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong before a run begins: exit code 2, one message, and nothing was started. */
final class RefusalTest {
  private static final int REFUSED = 2;

  @TempDir Path directory;

  private Ended refused(Path recipe, String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "train";
    arguments[1] = recipe.toString();
    arguments[2] = "--run";
    arguments[3] = directory.resolve("run").toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    Ended ended = Product.in(directory).run(arguments).with(REFUSED);
    assertThat(ended.err()).startsWith("troupe: ").doesNotContain("\tat ");
    assertThat(directory.resolve("run").resolve("journal")).doesNotExist();
    return ended;
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestOne() throws IOException {
    Path recipe = TinyRecipe.in(directory, "learner.learning-rat = 1");

    int line = Files.readAllLines(recipe).size();
    assertThat(refused(recipe).err())
        .contains("tiny.conf:" + line + ": learner.learning-rat")
        .contains("got [an unknown key]")
        .contains("nearest: learner.learning-rate");
  }

  @Test
  void aMissingRecipeIsNamed() {
    assertThat(refused(directory.resolve("none.conf")).err())
        .contains("none.conf: got [no such file], expected a recipe");
  }

  @Test
  void aMissingFileOfTasksIsNamedWithTheLineThatNamesIt() throws IOException {
    Path recipe = TinyRecipe.withTasks(directory, "none.jsonl");

    assertThat(refused(recipe).err())
        .contains("tiny.conf:")
        .contains("tasks.file: got [none.jsonl], expected a file that can be read");
  }

  @Test
  void aLossOfOnesOwnThatDoesNotCompileIsNamedWithItsLine() throws IOException {
    Files.writeString(
        directory.resolve("mine.py"),
        """
        def policy_loss(x: Tensor) -> Tensor:
            return tach(x)
        """);
    Path recipe = TinyRecipe.in(directory, "learner.loss = mine.py");

    assertThat(refused(recipe).err())
        .contains("learner.loss: mine.py, line 2: it doesn't compile: undefined value tach");
  }

  @Test
  void aLossThatReturnsANumberForEachTokenIsRefusedBeforeAnythingBegins() throws IOException {
    Files.writeString(
        directory.resolve("mine.py"),
        """
        def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
                entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
            return (-advantages * logp * weights, torch.gt(mask, 1.))
        """);
    Path recipe = TinyRecipe.in(directory, "learner.loss = mine.py");

    String said = refused(recipe).err();
    assertThat(said)
        .contains("learner.loss: mine.py, line 1: policy_loss returned a loss of float32 [3, 5]")
        .contains("expected a scalar")
        .contains("torch.sum(loss * weights)");
    assertThat(said.lines()).hasSize(1);
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    Path recipe = TinyRecipe.in(directory);

    assertThat(refused(recipe, "--set", "runtime.learner-device=cuda:77").err())
        .contains("--set runtime.learner-device=cuda:77: runtime.learner-device: got [cuda:77]")
        .contains("it has [cpu")
        .contains("./troupe doctor");
  }

  @Test
  void aLossFileWithoutALossIsRefused() throws IOException {
    Files.writeString(directory.resolve("mine.py"), "def my_loss(x: Tensor) -> Tensor:\n");
    Path recipe = TinyRecipe.in(directory, "learner.loss = mine.py");

    assertThat(refused(recipe).err())
        .contains("learner.loss: [mine.py] defines no policy_loss")
        .contains("docs/losses.md");
  }

  @Test
  void aTaskThatIsNotJsonIsNamedWithFileAndLine() throws IOException {
    Files.writeString(
        directory.resolve("tasks.jsonl"),
        """
        {"prompt": "1+1=", "answer": "2"}
        {"prompt": "1+2=", "answer": "3"}
        {"prompt": "1+3=", "answer":
        {"prompt": "1+4=", "answer": "5"}
        """);
    Path recipe = TinyRecipe.withTasks(directory, "tasks.jsonl");

    assertThat(refused(recipe).err()).contains("tasks.jsonl:3: this line is not JSON");
  }

  @Test
  void thereMustBeARunToResume() throws IOException {
    Path recipe = TinyRecipe.in(directory);

    assertThat(refused(recipe, "--resume").err())
        .contains("is not a run directory: no such folder");
  }
}
