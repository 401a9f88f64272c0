package dev.troupe.deploy;

import dev.troupe.deploy.command.CommandLineProgram;

/** The program that people run. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(CommandLineProgram.run(arguments));
  }
}
