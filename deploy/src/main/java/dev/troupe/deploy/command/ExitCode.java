package dev.troupe.deploy.command;

/** What a process's exit status says; the help of {@code troupe} lists the same. */
final class ExitCode {
  static final int DONE = 0;

  /** The run failed, or a check found something wrong. */
  static final int FAILED = 1;

  /** The command line or the recipe is wrong: nothing was started. */
  static final int REFUSED = 2;

  /** The run was stopped before its end and can be resumed. */
  static final int STOPPED = 3;

  /** No cluster could be reached, or it is without a head. */
  static final int UNREACHABLE = 4;

  /** A defect of Troupe itself. */
  static final int DEFECT = 70;

  /** The cluster removed this node: a supervisor starts it again, so that it joins anew. */
  static final int REMOVED = 75;

  /** Stopped at once by Ctrl-C: by the second one where the first asks to finish. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
