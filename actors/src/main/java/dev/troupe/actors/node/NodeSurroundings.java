package dev.troupe.actors.node;

import dev.troupe.actors.policy.NodeWeights;
import dev.troupe.actors.run.CrashPoint;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a node works with.
 *
 * @param offer what it tells the cluster of itself
 * @param weights between nodes; empty where there is only this one
 * @param onEmpty called once, when the node was to be emptied and is
 */
public record NodeSurroundings(
    NodeOffer offer,
    Workshop workshop,
    NodeLog log,
    Optional<NodeWeights> weights,
    Runnable onEmpty,
    Consumer<CrashPoint> crashHook,
    LongSupplier nanos) {
  String name() {
    return offer.name();
  }
}
