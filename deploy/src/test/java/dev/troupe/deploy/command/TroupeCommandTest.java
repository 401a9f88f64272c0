package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TroupeCommandTest {
  @TempDir Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @Test
  void helpListsTheCommandsAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(said())
        .contains("train", "status", "audit", "replay", "eval", "sample", "export", "doctor")
        .contains("stopped before the end; --resume goes on")
        .doesNotContain("prepare");
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    for (CommandLine command : commandLine().getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
            .contains("./troupe " + command.getCommandName());
      }
    }
  }

  @Test
  void aMistypedCommandIsRefusedWithTheNearestOnes() {
    assertThat(run("trai")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("'trai'", "Did you mean: troupe train");
  }

  @Test
  void aWrongRecipeIsRefusedWithoutAStackTrace() throws IOException {
    Path recipe = Files.writeString(folder.resolve("my.conf"), "model.hiden = 3");

    assertThat(run("train", recipe.toString())).isEqualTo(ExitCode.REFUSED);
    assertThat(complained())
        .isEqualTo(
            "troupe: "
                + recipe
                + ":1: model.hiden: got [an unknown key], expected a known one; nearest:"
                + " model.hidden\n");
  }

  @Test
  void verboseShowsWhereAnErrorHappened() {
    assertThat(run("explain", "none.conf", "--verbose")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("no such file").contains("\tat dev.troupe.deploy");
  }

  @Test
  void aFreshRunNeverGoesIntoTheFolderOfAnother() throws IOException {
    Path recipe = Files.writeString(folder.resolve("my.conf"), "");
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("recipe.conf"), "");

    assertThat(run("train", recipe.toString(), "--run", run.toString()))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("holds a run already: --resume goes on with it");
  }

  @Test
  void resumingWithAnotherLearningRateIsRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("recipe.conf"), "learner.learning-rate = 3e-4");

    assertThat(run("train", run.toString(), "--resume", "--set", "learner.learning-rate=1e-3"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("got [1e-3], expected 3e-4, as the run was started with");
  }

  @Test
  void explainShowsValuesOriginsBatchesAndNeeds() throws IOException {
    Path recipe = Files.writeString(folder.resolve("my.conf"), "model.hidden = 64");

    assertThat(run("explain", recipe.toString(), "--set", "seed=9", "--changed")).isZero();
    assertThat(said())
        .contains("model.hidden  64  " + recipe + ":1")
        .contains("--set seed=9")
        .contains("64 groups x 8 = 512 trajectories an update")
        .contains("parameters")
        .doesNotContain("model.layers");
  }

  @Test
  void aCrashPointThatDoesNotExistIsRefusedWithThoseThatDo() {
    assertThat(CrashHook.of(Map.of())).isNotNull();
    assertThatThrownBy(() -> CrashHook.of(Map.of(CrashHook.FREEZE, "after-lunch:2")))
        .hasMessageContaining("got [after-lunch:2]")
        .hasMessageContaining("after-grant");
  }

  private int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  private CommandLine commandLine() {
    return TroupeCommand.commandLine(new Console(stream(said), stream(complained), false, false));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return complained.toString(StandardCharsets.UTF_8);
  }
}
