package dev.troupe.rollout.verify;

/** The detail of an outcome, that can be told to people. */
public interface Explanation {
  /** In one line. */
  String words();
}
