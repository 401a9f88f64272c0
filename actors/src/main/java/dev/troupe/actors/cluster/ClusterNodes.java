package dev.troupe.actors.cluster;

/** Starts nodes. */
public final class ClusterNodes {
  private ClusterNodes() {}

  /**
   * Starts this process as a node and has it join. Takes a second or two; a node that can't join
   * tells so by {@link ClusterNode#ended()}.
   *
   * @throws NodeStartException if it can't listen or can't use what it was given
   */
  public static ClusterNode start(NodeOptions options) {
    return StartedNode.start(options);
  }
}
