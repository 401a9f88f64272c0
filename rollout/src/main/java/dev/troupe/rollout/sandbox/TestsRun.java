package dev.troupe.rollout.sandbox;

import dev.troupe.protocol.check.Check;

/**
 * What came of tests.
 *
 * @param run of the program
 * @param isJudged false where the tests themselves can't be run: it says nothing of the program
 * @param passed tests that passed
 * @param total tests that were run; at least 1 if judged
 * @param why what the first test that didn't pass said; empty if all did
 */
public record TestsRun(ProgramRun run, boolean isJudged, int passed, int total, String why) {
  public TestsRun {
    Check.within("passed", 0, total, passed);
  }
}
