package dev.troupe.actors.runs;

import dev.troupe.actors.runs.Placement.Node;
import dev.troupe.actors.runs.Placement.Wish;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many rollout slots each run gets: one each in order, while they last, then always the next
 * one to whoever is furthest below its part, earlier runs first. So a run that can use all slots is
 * less than one slot away from its part. A slot is of use to runs whose sampling device, and enough
 * memory, its node has. Nodes that are of use to the same runs are of one kind.
 */
final class Quotas {
  /** Slots left, by the kind of their nodes. */
  private final Map<Set<String>, Integer> left = new LinkedHashMap<>();

  private final Map<String, Map<Set<String>, Integer>> quotas = new HashMap<>();
  private final Map<String, Double> parts = new HashMap<>();

  private Quotas(List<Wish> wishes, List<Node> nodes) {
    nodes.forEach(node -> left.merge(kind(node, wishes), node.slots(), Integer::sum));
    parts(wishes, left.values().stream().mapToInt(Integer::intValue).sum());
  }

  /** Who would get less than one slot gets one; the others share the rest. */
  private void parts(List<Wish> wishes, double slots) {
    double ofShare = slots / wishes.stream().mapToDouble(Wish::share).sum();
    wishes.forEach(wish -> parts.put(wish.run(), Math.max(1, wish.share() * ofShare)));
    List<Wish> larger = wishes.stream().filter(wish -> wish.share() * ofShare >= 1).toList();
    if (!larger.isEmpty() && larger.size() < wishes.size()) {
      parts(larger, slots - (wishes.size() - larger.size()));
    }
  }

  /** The runs that {@code node} is of use to. */
  static Set<String> kind(Node node, List<Wish> wishes) {
    return wishes.stream()
        .filter(wish -> node.fits(wish.sampler()))
        .map(Wish::run)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Slots by run, and by the kind of the nodes that have them. */
  static Map<String, Map<Set<String>, Integer>> of(List<Wish> wishes, List<Node> nodes) {
    Quotas quotas = new Quotas(wishes, nodes);
    wishes.forEach(quotas::give);
    Optional<Wish> next = quotas.next(wishes);
    while (next.isPresent()) {
      quotas.give(next.get());
      next = quotas.next(wishes);
    }
    return quotas.quotas;
  }

  private void give(Wish wish) {
    slotFor(wish)
        .ifPresent(
            kind -> {
              left.merge(kind, -1, Integer::sum);
              quotas.computeIfAbsent(wish.run(), _ -> new HashMap<>()).merge(kind, 1, Integer::sum);
            });
  }

  /** Of the slots that {@code wish} can use, one of those that the fewest others can. */
  private Optional<Set<String>> slotFor(Wish wish) {
    return left.entrySet().stream()
        .filter(entry -> entry.getValue() > 0 && entry.getKey().contains(wish.run()))
        .map(Map.Entry::getKey)
        .min(Comparator.comparingInt(Set::size));
  }

  private Optional<Wish> next(List<Wish> wishes) {
    return wishes.stream()
        .filter(wish -> slotFor(wish).isPresent())
        .min(Comparator.comparingDouble(wish -> given(wish) - parts.getOrDefault(wish.run(), 0.0)));
  }

  private int given(Wish wish) {
    return quotas.getOrDefault(wish.run(), Map.of()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }
}
