package dev.troupe.rollout.verify.http;

/** What came of a request. */
sealed interface Reply {
  /** The server's answer. */
  record Said(String text) implements Reply {}

  /** More than may be read; its beginning. */
  record TooLong(String beginning) implements Reply {}

  /** The server won't, and wouldn't if it was asked again. */
  record Refused(String why) implements Reply {}

  /** There was no answer; another try may get one. */
  record Failed(String why) implements Reply {}

  /** Time was up. */
  record Late() implements Reply {}
}
