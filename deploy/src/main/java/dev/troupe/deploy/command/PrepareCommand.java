package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the launcher runs after a build: writes the help texts to files, then trains a small network
 * for a moment. From that the JVM learns which classes a start needs, and which methods are called
 * so often that they should be compiled as soon as they are called at all: hence as many
 * trajectories an update as in a real run.
 */
@Command(name = "prepare", hidden = true, header = "Writes help texts and trains for a moment.")
final class PrepareCommand implements Callable<Integer> {
  private static final List<String> TINY =
      List.of(
          "name=prepare",
          "model.hidden=32",
          "model.layers=1",
          "sft.steps=25",
          "sft.batch=4",
          "evaluation.every=10",
          "evaluation.tasks-max=8",
          "checkpoints.every=10",
          "stop.updates=30");

  @Parameters(index = "0", paramLabel = "HELP", description = "Folder of the help texts.")
  private Path help = Path.of("");

  @Parameters(index = "1", paramLabel = "RECIPE", description = "Recipe to train by.")
  private Path recipe = Path.of("");

  @Parameters(index = "2", paramLabel = "SCRATCH", description = "Folder for the run.")
  private Path scratch = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Console console = new Console(nowhere, nowhere, true, false);
    writeHelp(console);
    Recipe tiny = new RecipeReader(Processor.here()).read(recipe, TINY);
    RunDirectory directory = new RunDirectory(scratch.resolve("run"));
    TrainingSession.Page page = new TrainingSession.Page(true, 0);
    return new TrainingSession(
            console, tiny, directory, Optional.empty(), OptionalLong.empty(), page)
        .run();
  }

  private void writeHelp(Console console) throws IOException {
    Files.createDirectories(help);
    CommandLine troupe = TroupeCommand.commandLine(console);
    Files.writeString(help.resolve("troupe.txt"), usage(troupe));
    for (Map.Entry<String, CommandLine> command : troupe.getSubcommands().entrySet()) {
      Files.writeString(help.resolve(command.getKey() + ".txt"), usage(command.getValue()));
    }
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }
}
