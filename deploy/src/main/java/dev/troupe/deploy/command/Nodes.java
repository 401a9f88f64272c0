package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.NodeOptions;
import java.util.Optional;
import java.util.function.Function;

/** Starts the cluster's node in this process. */
final class Nodes {
  private static final Optional<Function<NodeOptions, ClusterNode>> CLUSTER = Optional.empty();

  private Nodes() {}

  static ClusterNode start(NodeOptions options) {
    return CLUSTER
        .map(cluster -> cluster.apply(options))
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.FAILED, "node [" + options.name() + "]: this build has no cluster"));
  }
}
