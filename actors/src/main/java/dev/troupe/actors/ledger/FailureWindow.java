package dev.troupe.actors.ledger;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * How many verdicts were not a score: in the whole run, since they were forgiven, and among the
 * last {@value #WINDOW}.
 */
final class FailureWindow {
  static final int WINDOW = 1_000;

  /** Below this many verdicts a share means nothing. */
  static final int SHARE_FROM = 100;

  private static final int EXAMPLES = 3;

  private final boolean[] failed = new boolean[WINDOW];
  private final ArrayDeque<String> examples = new ArrayDeque<>();
  private long verdicts;
  private long failures;
  private int failuresInWindow;
  private long forgivenVerdicts;
  private long forgivenFailures;

  void scored() {
    note(false);
  }

  void failed(String example) {
    note(true);
    failures++;
    if (examples.size() == EXAMPLES) {
      examples.removeFirst();
    }
    examples.addLast(example);
  }

  /** Totals that a summary tells; what the last verdicts were is no longer known. */
  void restart(long verdictsSoFar, long failuresSoFar) {
    Arrays.fill(failed, false);
    verdicts = verdictsSoFar;
    failures = failuresSoFar;
    failuresInWindow = 0;
    examples.clear();
  }

  /** What was is forgiven: another verifier judges, or somebody wants it so. */
  void forgive() {
    Arrays.fill(failed, false);
    failuresInWindow = 0;
    forgivenVerdicts = verdicts;
    forgivenFailures = failures;
    examples.clear();
  }

  /** Failures that aren't forgiven. */
  long counted() {
    return failures - forgivenFailures;
  }

  /** Verdicts since the last were forgiven. */
  long countedVerdicts() {
    return verdicts - forgivenVerdicts;
  }

  long failures() {
    return failures;
  }

  long verdicts() {
    return verdicts;
  }

  int inWindow() {
    return (int) Math.min(WINDOW, countedVerdicts());
  }

  int failuresInWindow() {
    return failuresInWindow;
  }

  /** The latest failures, oldest first. */
  List<String> examples() {
    return List.copyOf(examples);
  }

  private void note(boolean isFailure) {
    int slot = (int) (verdicts % WINDOW);
    if (countedVerdicts() >= WINDOW && failed[slot]) {
      failuresInWindow--;
    }
    failed[slot] = isFailure;
    if (isFailure) {
      failuresInWindow++;
    }
    verdicts++;
  }
}
