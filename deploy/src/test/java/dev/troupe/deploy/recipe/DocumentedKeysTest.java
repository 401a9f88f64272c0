package dev.troupe.deploy.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void theRecipesThatComeWithTroupeAreSound() {
    RecipeReader reader = new RecipeReader(new Processor("test", false));
    for (String name : List.of("sums", "letters", "cartpole")) {
      Path file = Path.of("..", "recipes", name + ".conf");

      assertThat(reader.read(file, List.of()).specification().name()).isEqualTo(name);
    }
  }
}
