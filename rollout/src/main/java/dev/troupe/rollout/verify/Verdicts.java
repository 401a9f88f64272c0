package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;

/** Outcomes that many rules give. */
public final class Verdicts {
  /** A task without the reference answer that its verifier compares with. */
  public static final Outcome NO_REFERENCE =
      new Outcome.Invalid("the task has no reference answer");

  private static final Outcome RIGHT = new Outcome.Scored(1);
  private static final Outcome WRONG = new Outcome.Scored(0);

  private Verdicts() {}

  /** 1 or 0. */
  public static Outcome of(boolean isRight) {
    return isRight ? RIGHT : WRONG;
  }
}
