package dev.troupe.actors.cluster;

import dev.troupe.actors.serialization.Local;

/** What the cluster says to a request. */
public sealed interface Answer extends Local {
  String words();

  /** It is done, or under way. */
  record Done(String words) implements Answer {}

  /** It is not, and why, and what to do. */
  record Refused(String words) implements Answer {}
}
