package dev.troupe.rollout.sandbox;

/**
 * What came of a program.
 *
 * @param output what it printed, up to the limit; bytes that aren't UTF-8 are replaced
 * @param errors the same of the standard error
 */
public record ProgramRun(Ending ending, String output, String errors) {
  /** Whether it ended by itself with exit code 0. */
  public boolean isClean() {
    return ending.equals(new Ending.Exited(0));
  }
}
