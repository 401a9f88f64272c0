package dev.troupe.deploy.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResumeRulesTest {
  @TempDir Path folder = Path.of("");

  private final RecipeReader reader = new RecipeReader(new Processor("test", false));

  @Test
  void aRunMayGoOnForLonger() throws IOException {
    Recipe before = read();

    assertThatCode(
            () ->
                ResumeRules.check(
                    before, read("stop.updates=500", "evaluation.every=5", "reward.workers=8")))
        .doesNotThrowAnyException();
  }

  @Test
  void aRunMustNotChangeWhatItLearns() throws IOException {
    Recipe before = read("learner.learning-rate=3e-4");

    assertThat(
            RecipeReaderTest.refusal(
                () -> ResumeRules.check(before, read("learner.learning-rate=1e-3"))))
        .isEqualTo(
            "--set learner.learning-rate=1e-3: learner.learning-rate: got [1e-3], expected 3e-4,"
                + " as the run was started with; start another run, or resume with the old value");
  }

  @Test
  void theSameNumberWrittenOtherwiseIsNoChange() throws IOException {
    Recipe before = read("learner.learning-rate=3e-4");

    assertThatCode(() -> ResumeRules.check(before, read("learner.learning-rate=0.0003")))
        .doesNotThrowAnyException();
  }

  private Recipe read(String... options) throws IOException {
    return reader.read(
        Files.writeString(folder.resolve("test.conf"), "seed = 3"), List.of(options));
  }
}
