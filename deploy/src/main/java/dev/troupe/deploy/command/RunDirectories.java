package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which run directory a command means. */
final class RunDirectories {
  private static final Path RUNS = Path.of("runs");

  private RunDirectories() {}

  /** A folder for a new run: {@code runs/NAME}, or {@code runs/NAME-2} and so on; then says why. */
  static RunDirectory fresh(Console console, Optional<Path> chosen, Recipe recipe) {
    if (chosen.isPresent()) {
      RunDirectory directory = new RunDirectory(chosen.get());
      if (isRun(directory)) {
        throw new CommandFailure(
            ExitCode.REFUSED,
            "["
                + chosen.get()
                + "] holds a run already: --resume goes on with it, another --run begins anew");
      }
      return directory;
    }
    String name = recipe.specification().name();
    int number = 1;
    while (Files.exists(numbered(name, number))) {
      number++;
    }
    if (number > 1) {
      Path there = numbered(name, number - 1);
      console.line(
          there
              + "/ is there already: this run goes into "
              + numbered(name, number)
              + "/"
              + (isRun(new RunDirectory(there))
                  ? " (to go on with that one: ./troupe train " + there + " --resume)"
                  : ""));
    }
    return new RunDirectory(numbered(name, number));
  }

  /** The run to go on with: the one chosen, else the latest of that name. */
  static RunDirectory existing(Optional<Path> chosen, String name) {
    if (chosen.isPresent()) {
      return of(chosen.get());
    }
    int number = 1;
    while (Files.exists(numbered(name, number + 1))) {
      number++;
    }
    return of(numbered(name, number));
  }

  /** The run in {@code folder}. */
  static RunDirectory of(Path folder) {
    RunDirectory directory = new RunDirectory(folder);
    if (!isRun(directory)) {
      String why = Files.isDirectory(folder) ? "it has no recipe.conf" : "no such folder";
      throw new CommandFailure(ExitCode.REFUSED, "[" + folder + "] is not a run directory: " + why);
    }
    return directory;
  }

  /** Whether {@code text} may be a run's name: a word, not a path. */
  static boolean isName(String text) {
    return !Files.exists(Path.of(text)) && text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
  }

  /** Where {@code train} keeps the run of that name. */
  static Path named(String name) {
    return RUNS.resolve(name);
  }

  static boolean isRun(RunDirectory directory) {
    return Files.exists(directory.recipe());
  }

  private static Path numbered(String name, int number) {
    return RUNS.resolve(number == 1 ? name : name + "-" + number);
  }
}
