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
                    before,
                    read("stop.updates=500", "evaluation.every=5", "reward.workers=8"),
                    () -> 7))
        .doesNotThrowAnyException();
  }

  @Test
  void aRunMustNotChangeWhatItLearns() throws IOException {
    Recipe before = read("learner.learning-rate=3e-4");

    assertThat(
            RecipeReaderTest.refusal(
                () -> ResumeRules.check(before, read("learner.learning-rate=1e-3"), () -> 0)))
        .isEqualTo(
            "--set learner.learning-rate=1e-3: learner.learning-rate: got [1e-3], expected 3e-4,"
                + " as the run was started with; start another run, or resume with the old value");
  }

  @Test
  void aRunKeepsTheSettingsOfItsVerifier() throws IOException {
    Recipe before = read("reward.verifier=gsm8k");

    assertThat(
            RecipeReaderTest.refusal(
                () ->
                    ResumeRules.check(
                        before,
                        read("reward.verifier=gsm8k", "reward.settings.extract=strict"),
                        () -> 0)))
        .contains("reward.settings: got [{\"extract\":\"strict\"}], expected {}, as the run was");
  }

  @Test
  void theSameNumberWrittenOtherwiseIsNoChange() throws IOException {
    Recipe before = read("learner.learning-rate=3e-4");

    assertThatCode(() -> ResumeRules.check(before, read("learner.learning-rate=0.0003"), () -> 7))
        .doesNotThrowAnyException();
  }

  @Test
  void aLossMayBeMendedAsLongAsNoUpdateWasMadeWithIt() throws IOException {
    Files.writeString(folder.resolve("mine.py"), "wrong");
    Recipe before = read("learner.loss=" + folder.resolve("mine.py"));
    before.writeTo(folder.resolve("run"));
    Recipe running = reader.readRun(folder.resolve("run"), List.of());
    Files.writeString(folder.resolve("mine.py"), "right");
    Recipe mended = read("learner.loss=" + folder.resolve("mine.py"));

    assertThatCode(() -> ResumeRules.check(running, mended, () -> 0)).doesNotThrowAnyException();
    assertThatCode(() -> ResumeRules.check(running, read("learner.loss=ppo-clip"), () -> 0))
        .doesNotThrowAnyException();
    assertThat(RecipeReaderTest.refusal(() -> ResumeRules.check(running, mended, () -> 3)))
        .contains("learner.loss: got [")
        .contains("as the run has it: it made [3] updates with it")
        .contains("begin another run with its weights: --set model.init-from=")
        .endsWith("run --set sft.steps=0");
  }

  @Test
  void theSameLossUnderAnotherNameIsNoChange() throws IOException {
    Files.writeString(folder.resolve("mine.py"), "right");
    Files.writeString(folder.resolve("copy.py"), "right");
    Recipe before = read("learner.loss=" + folder.resolve("mine.py"));

    assertThatCode(
            () ->
                ResumeRules.check(
                    before, read("learner.loss=" + folder.resolve("copy.py")), () -> 3))
        .doesNotThrowAnyException();
  }

  private Recipe read(String... options) throws IOException {
    return reader.read(
        Files.writeString(folder.resolve("test.conf"), "seed = 3"), List.of(options));
  }
}
