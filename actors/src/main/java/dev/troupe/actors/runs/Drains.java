package dev.troupe.actors.runs;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which nodes are to be emptied, each in one of its lives: started again, it is another node.
 *
 * <p>A node is told once the disk has it, and from then on until it says that it drains. Whoever
 * takes over goes on with it.
 *
 * @param <N> reaches a node
 * @param <A> hears an answer
 */
final class Drains<N, A> {
  private final Hands<N, A> hands;
  private final Set<N> found;
  private final Map<String, DrainOrder> orders = new TreeMap<>();

  /** Those that nodes may hear. */
  private final Set<String> said = new HashSet<>();

  private boolean unwritten;

  /**
   * @param found nodes that are there, as whoever has this knows it
   */
  Drains(Hands<N, A> hands, Set<N> found) {
    this.hands = hands;
    this.found = found;
  }

  /** The disk has these from earlier heads. */
  void opened(Map<String, DrainOrder> known) {
    orders.putAll(known);
    said.addAll(known.keySet());
  }

  boolean contains(N node) {
    return orders.containsKey(hands.life(node));
  }

  /** What a node of that name was asked for, which may have left since. */
  Optional<DrainOrder> of(String name) {
    return orders.values().stream().filter(order -> order.node().equals(name)).findFirst();
  }

  void order(N node, DrainOrder order, A asking) {
    String life = hands.life(node);
    orders.put(life, order);
    said.remove(life);
    write(Optional.of(new Hands.Reply<>(asking, order.words())));
  }

  /** Says it once more, when the disk has it. */
  void again(DrainOrder order, A asking) {
    write(Optional.of(new Hands.Reply<>(asking, order.words())));
  }

  private void write(Optional<Hands.Reply<A>> reply) {
    unwritten = false;
    hands.writeDrains(Map.copyOf(orders), reply);
  }

  /** The disk has them, or can't: nodes hear of it either way. */
  void say() {
    for (N node : found) {
      String life = hands.life(node);
      DrainOrder order = orders.get(life);
      if (order != null && said.add(life)) {
        hands.drain(node, order.now());
      }
    }
    said.addAll(orders.keySet());
  }

  void notWritten() {
    unwritten = true;
    say();
  }

  void writeAgain() {
    if (unwritten) {
      write(Optional.empty());
    }
  }

  /** A node tells of itself; it may not have heard what it is to do. */
  void present(N node, boolean draining) {
    String life = hands.life(node);
    DrainOrder order = orders.get(life);
    if (order != null && !draining && said.contains(life)) {
      hands.drain(node, order.now());
    }
  }

  void lost(N node) {
    orders.remove(hands.life(node));
  }

  /** Those of nodes that nobody has seen left while nobody looked. */
  void forgetUnseen() {
    orders.keySet().retainAll(found.stream().map(hands::life).collect(Collectors.toSet()));
  }
}
