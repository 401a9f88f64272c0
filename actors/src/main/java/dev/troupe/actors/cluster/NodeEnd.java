package dev.troupe.actors.cluster;

/** How a node's life in the cluster ended. */
public sealed interface NodeEnd {
  /** For people. */
  String words();

  /** It left as it was asked to. */
  record Left(String words) implements NodeEnd {}

  /**
   * The others removed it: it was frozen, cut off, or on the smaller side of a partition. A new
   * process may join.
   */
  record Removed(String words) implements NodeEnd {}

  /** It could not join or go on. */
  record Failed(String words) implements NodeEnd {}
}
