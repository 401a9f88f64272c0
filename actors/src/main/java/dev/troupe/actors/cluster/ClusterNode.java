package dev.troupe.actors.cluster;

import dev.troupe.actors.weights.WeightTraffic;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** This process as a node of the cluster. */
public interface ClusterNode {
  /** Whether the cluster has taken it in. */
  boolean isUp();

  /** What people may ask for, while the active head is in this process. */
  Optional<Runs> runs();

  /**
   * The HTTP address of the active head; empty while there is none, for instance because another
   * one takes over.
   */
  CompletionStage<Optional<HostPort>> activeHead();

  /**
   * Tells {@code watcher} from now on how this node sees the members, beginning with all of them.
   */
  void watch(MemberWatcher watcher);

  /** What this node has done with weights so far. */
  WeightTraffic weights();

  /** Finishes what it holds, takes no more, leaves, and ends. */
  void leave();

  /** Gives its leases back, leaves, and ends. */
  void leaveNow();

  /** Completes when it is over. */
  CompletionStage<NodeEnd> ended();
}
