package dev.troupe.deploy.command;

/** A command can't do what was asked: one message for people, and an exit code. */
final class CommandFailure extends RuntimeException {
  private final int exitCode;

  CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Refuses {@code got} unless it is at least {@code least}; {@code option} is what was typed. */
  static void checkAtLeast(String option, int least, int got) {
    if (got < least) {
      throw new CommandFailure(
          ExitCode.REFUSED, option + ": got [" + got + "], expected " + least + " or more");
    }
  }

  int exitCode() {
    return exitCode;
  }
}
