package dev.troupe.deploy.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DocumentedKeysTest {
  @Test
  void everyKeyHasACommentAndStandsInTheDocumentation() throws IOException {
    String documentation = Files.readString(Path.of("..", "docs", "recipes.md"));

    assertThat(Reference.paths()).allSatisfy(key -> assertThat(documentation).contains(key));
    List<String> uncommented =
        Reference.keys().stream()
            .filter(key -> key.comment().isEmpty())
            .map(Reference.Key::path)
            .toList();
    // The first shares the comment of the key before it; the section explains itself.
    assertThat(uncommented).containsExactlyInAnyOrder("learner.clip-high", "replay.journal");
  }

  @Test
  void theRecipesThatComeWithTroupeAreSound() throws IOException {
    assertThat(read(Path.of("..", "recipes"), List.of()))
        .contains("sums", "letters", "cartpole", "props-gridworld");
    // In an environment that needs no library.
    assertThat(read(Path.of("..", "recipes", "mujoco"), List.of("environment.id=Pendulum-v1")))
        .contains("hopper", "props-hopper")
        .hasSize(14);
  }

  /** What a file that isn't found would have said is silently not there. */
  @Test
  void theRecipesOfThePaperHaveItsHyperParameters() {
    RunSpecification run =
        new RecipeReader(new Processor("test", false))
            .read(
                Path.of("..", "recipes", "mujoco", "props-hopper.conf"),
                List.of("environment.id=Pendulum-v1"))
            .specification();
    ControlRun control = run.control().orElseThrow();

    assertThat(control.environment().fragmentSteps()).isEqualTo(256);
    assertThat(control.control().minibatches()).isEqualTo(32);
    assertThat(control.control().normalisation().observations()).isTrue();
    assertThat(control.control().adjustment().collections()).isEqualTo(8);
    assertThat(run.stop().updates()).isEqualTo(3907);
  }

  private static List<String> read(Path folder, List<String> options) throws IOException {
    RecipeReader reader = new RecipeReader(new Processor("test", false));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".conf"))
          // Its tasks are fetched, not kept here.
          .filter(file -> !file.endsWith("gsm8k.conf"))
          .map(file -> reader.read(file, options).specification().name())
          .toList();
    }
  }
}
