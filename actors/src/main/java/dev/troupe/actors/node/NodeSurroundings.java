package dev.troupe.actors.node;

import dev.troupe.actors.policy.NodeWeights;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.actors.weights.WeightSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a node works with.
 *
 * @param offer what it tells the cluster of itself
 * @param weights between nodes; empty where there is only this one
 * @param files that recipes name, brought from other nodes; empty where there is only this one
 * @param onEmpty called once, when the node was to be emptied and is
 */
public record NodeSurroundings(
    NodeOffer offer,
    Workshop workshop,
    NodeLog log,
    Optional<NodeWeights> weights,
    Optional<Files> files,
    Runnable onEmpty,
    Consumer<CrashPoint> crashHook,
    LongSupplier nanos) {
  /**
   * The files that recipes name.
   *
   * @param sources nodes that may have them, the likeliest first
   */
  public record Files(FileShelf shelf, Supplier<List<WeightSource>> sources) {}

  String name() {
    return offer.name();
  }
}
