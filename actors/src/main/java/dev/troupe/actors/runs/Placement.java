package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which node does what for which run.
 *
 * <ul>
 *   <li>A learner stays where it is; a new one goes to the node with the most room. Where there is
 *       no room, runs wait in the order in which they were submitted.
 *   <li>Rollout slots are split by the shares that the recipes ask for (largest remainder), at
 *       least one for each run while they last. A run keeps the slots that it has as far as its
 *       quota goes, so that as few rollout actors as possible change hands.
 *   <li>Every reward node verifies for every run.
 * </ul>
 */
final class Placement {

  /**
   * A node.
   *
   * @param slots rollout actors that it has room for
   * @param learnersMax learners that it has room for
   * @param learners runs whose learner is there now
   */
  record Node(
      String name,
      Set<Role> roles,
      int slots,
      int learnersMax,
      boolean draining,
      Set<String> learners) {}

  /**
   * A run that wants to be made, in the order of submission.
   *
   * @param active whether it has begun
   */
  record Wish(String run, double share, boolean active) {}

  /**
   * What a run gets.
   *
   * @param learner node of the learner; empty = none has room now
   * @param rollouts actors by node
   * @param waitsFor what is missing; empty = nothing
   */
  record Plan(
      Optional<String> learner,
      Map<String, Integer> rollouts,
      Set<String> rewards,
      String waitsFor) {
    static final Plan NOTHING = new Plan(Optional.empty(), Map.of(), Set.of(), "");
  }

  private final List<Node> nodes;
  private final List<Wish> wishes;
  private final Map<String, Plan> before;

  private Placement(List<Node> nodes, List<Wish> wishes, Map<String, Plan> before) {
    this.nodes = nodes.stream().sorted(Comparator.comparing(Node::name)).toList();
    this.wishes =
        wishes.stream().sorted(Comparator.comparing((Wish wish) -> !wish.active())).toList();
    this.before = before;
  }

  /** Plans by run; the order of {@code wishes} is that of submission. */
  static Map<String, Plan> of(List<Node> nodes, List<Wish> wishes, Map<String, Plan> before) {
    return new Placement(nodes, wishes, before).plan();
  }

  private Map<String, Plan> plan() {
    Map<String, Optional<String>> learners = learners();
    List<Wish> taking =
        wishes.stream()
            .filter(wish -> wish.active() || learnerOf(learners, wish).isPresent())
            .toList();
    Map<String, Map<String, Integer>> rollouts = rollouts(taking);
    Set<String> rewards =
        Set.copyOf(nodes.stream().filter(node -> has(node, Role.REWARD)).map(Node::name).toList());
    Map<String, Plan> plans = new LinkedHashMap<>();
    for (Wish wish : wishes) {
      Optional<String> learner = learnerOf(learners, wish);
      boolean takes = taking.contains(wish);
      Map<String, Integer> slots = rollouts.getOrDefault(wish.run(), Map.of());
      plans.put(
          wish.run(),
          new Plan(
              learner,
              slots,
              takes ? rewards : Set.of(),
              waitsFor(learner.isPresent(), !slots.isEmpty(), !rewards.isEmpty())));
    }
    return plans;
  }

  private static Optional<String> learnerOf(Map<String, Optional<String>> learners, Wish wish) {
    return learners.getOrDefault(wish.run(), Optional.empty());
  }

  private static boolean has(Node node, Role role) {
    return !node.draining() && node.roles().contains(role);
  }

  private Map<String, Optional<String>> learners() {
    Map<String, Integer> room = new TreeMap<>();
    for (Node node : nodes) {
      room.put(node.name(), has(node, Role.LEARNER) ? node.learnersMax() : 0);
    }
    Map<String, Optional<String>> chosen = new HashMap<>();
    for (Wish wish : wishes) {
      host(wish.run())
          .ifPresent(
              host -> {
                room.merge(host.name(), -1, Integer::sum);
                chosen.put(
                    wish.run(), host.draining() ? Optional.empty() : Optional.of(host.name()));
              });
    }
    for (Wish wish : wishes) {
      if (!chosen.containsKey(wish.run())) {
        Optional<String> free =
            planned(wish.run())
                .filter(name -> room.getOrDefault(name, 0) > 0)
                .or(() -> roomiest(room));
        free.ifPresent(name -> room.merge(name, -1, Integer::sum));
        chosen.put(wish.run(), free);
      }
    }
    return chosen;
  }

  private Optional<Node> host(String run) {
    return nodes.stream().filter(node -> node.learners().contains(run)).findFirst();
  }

  private Optional<String> planned(String run) {
    return before.getOrDefault(run, Plan.NOTHING).learner();
  }

  private static Optional<String> roomiest(Map<String, Integer> room) {
    return room.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .max(Map.Entry.<String, Integer>comparingByValue())
        .map(Map.Entry::getKey);
  }

  private Map<String, Map<String, Integer>> rollouts(List<Wish> taking) {
    TreeMap<String, Integer> free = new TreeMap<>();
    for (Node node : nodes) {
      if (has(node, Role.ROLLOUT)) {
        free.put(node.name(), node.slots());
      }
    }
    int total = free.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Integer> quotas = quotas(taking, total);
    Map<String, Map<String, Integer>> given = new HashMap<>();
    for (Wish wish : taking) {
      Map<String, Integer> kept = new TreeMap<>();
      int left = quotas.getOrDefault(wish.run(), 0);
      for (var entry : new TreeMap<>(had(wish.run())).entrySet()) {
        int keep = Math.min(left, Math.min(entry.getValue(), free.getOrDefault(entry.getKey(), 0)));
        if (keep > 0) {
          kept.put(entry.getKey(), keep);
          free.merge(entry.getKey(), -keep, Integer::sum);
          left -= keep;
        }
      }
      given.put(wish.run(), kept);
    }
    for (Wish wish : taking) {
      Map<String, Integer> slots = given.computeIfAbsent(wish.run(), _ -> new TreeMap<>());
      int left =
          quotas.getOrDefault(wish.run(), 0)
              - slots.values().stream().mapToInt(Integer::intValue).sum();
      for (String node : List.copyOf(free.keySet())) {
        int more = Math.min(left, free.getOrDefault(node, 0));
        if (more > 0) {
          slots.merge(node, more, Integer::sum);
          free.merge(node, -more, Integer::sum);
          left -= more;
        }
      }
    }
    return given;
  }

  private Map<String, Integer> had(String run) {
    return before.getOrDefault(run, Plan.NOTHING).rollouts();
  }

  /** Largest remainder; one each, while they last, in order. */
  private static Map<String, Integer> quotas(List<Wish> taking, int total) {
    Map<String, Integer> quotas = new LinkedHashMap<>();
    double shares = taking.stream().mapToDouble(Wish::share).sum();
    int rest = total;
    for (Wish wish : taking) {
      int whole = Math.min(rest, Math.max(1, (int) Math.floor(total * wish.share() / shares)));
      quotas.put(wish.run(), whole);
      rest -= whole;
    }
    List<Wish> byRemainder = new ArrayList<>(taking);
    byRemainder.sort(
        Comparator.comparingDouble(
            wish -> quotas.getOrDefault(wish.run(), 0) - total * wish.share() / shares));
    for (int i = 0; rest > 0 && !byRemainder.isEmpty(); i = (i + 1) % byRemainder.size()) {
      quotas.merge(byRemainder.get(i).run(), 1, Integer::sum);
      rest--;
    }
    return quotas;
  }

  private String waitsFor(boolean learner, boolean rollouts, boolean rewards) {
    List<String> missing = new ArrayList<>();
    if (!learner) {
      long hosts = nodes.stream().filter(node -> has(node, Role.LEARNER)).count();
      missing.add(
          hosts == 0
              ? "a node with role learner: there is none"
              : "a learner node with room: the ["
                  + hosts
                  + "] there are have learners of other runs");
    }
    if (!rollouts) {
      long slots =
          nodes.stream().filter(node -> has(node, Role.ROLLOUT)).mapToInt(Node::slots).sum();
      missing.add(
          slots == 0
              ? "a node with role rollout: there is none"
              : "a rollout slot: the [" + slots + "] there are belong to runs before it");
    }
    if (!rewards) {
      missing.add("a node with role reward: there is none");
    }
    return String.join("; ", missing);
  }
}
