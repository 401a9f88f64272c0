package dev.troupe.actors.runs;

/**
 * What is wanted of a run, and how it ended.
 *
 * @param order of submission
 * @param words of its end
 */
record Control(long order, Wanted wanted, Outcome outcome, String words) {

  /** What somebody wants. */
  enum Wanted {
    RUN,
    PAUSE,
    STOP
  }

  /** How it ended. */
  enum Outcome {
    NONE,
    DONE,
    STOPPED,
    FAILED
  }

  boolean isOver() {
    return outcome != Outcome.NONE;
  }

  Control with(Wanted next) {
    return new Control(order, next, outcome, words);
  }

  Control ended(Outcome how, String why) {
    return new Control(order, wanted, how, why);
  }
}
