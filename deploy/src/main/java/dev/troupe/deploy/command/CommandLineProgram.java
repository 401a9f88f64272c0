package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;

/** One command, from its arguments to its exit code. */
public final class CommandLineProgram {
  private CommandLineProgram() {}

  /** Runs the command in this process. */
  public static int run(String[] arguments) {
    Console console = Console.ofProcess(System.getenv());
    return TroupeCommand.commandLine(console).execute(arguments);
  }
}
