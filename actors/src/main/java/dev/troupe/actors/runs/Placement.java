package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Role;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides which node does what for which run.
 *
 * <ul>
 *   <li>A learner stays where it is; a new one goes to a node that has its device and enough
 *       memory: the one with the most room, then with the most cores, then with the most memory.
 *       Where there is no room, runs wait in the order in which they were submitted.
 *   <li>Rollout slots are split by the shares that the recipes ask for ({@link Quotas}), at least
 *       one for each run while they last. A run keeps the slots that it has as far as its quota
 *       goes, so that as few rollout actors as possible change hands.
 *   <li>Every reward node verifies for every run.
 * </ul>
 */
final class Placement {

  /**
   * A node.
   *
   * @param slots rollout actors that it has room for
   * @param learnersMax learners that it has room for
   * @param cores of its machine
   * @param memory of its machine, in bytes; 0 = it could not tell, and everything fits
   * @param learners runs whose learner is there now
   */
  record Node(
      String name,
      Set<Role> roles,
      int slots,
      int learnersMax,
      boolean draining,
      Set<String> devices,
      int cores,
      long memory,
      Set<String> learners) {
    Node drained() {
      return new Node(name, roles, slots, learnersMax, true, devices, cores, memory, learners);
    }

    boolean has(Role role) {
      return !draining && roles.contains(role);
    }

    boolean has(Role role, Need need) {
      return has(role) && fits(need);
    }

    boolean fits(Need need) {
      return devices.contains(need.device()) && (memory == 0 || need.memory() <= memory);
    }
  }

  /**
   * What a node must have for one actor.
   *
   * @param memory of the machine, in bytes
   */
  record Need(String device, long memory) {
    /** On a GPU the weights lie elsewhere, so only the process itself counts. */
    static Need of(String deviceInRecipe, long onCpu, long process) {
      String device = deviceInRecipe.equals("cuda") ? "cuda:0" : deviceInRecipe;
      return new Need(device, device.equals("cpu") ? onCpu : process);
    }
  }

  /**
   * A run that wants to be made, in the order of submission.
   *
   * @param active whether it has begun
   */
  record Wish(String run, double share, boolean active, Need learner, Need sampler) {
    static Wish of(String run, RunSpecification specification, boolean active) {
      RuntimeSpecification runtime = specification.runtime();
      Estimate estimate = Estimate.of(specification);
      long process = estimate.processBytes();
      return new Wish(
          run,
          runtime.share(),
          active,
          Need.of(runtime.learnerDevice(), estimate.learnerNodeBytes(), process),
          Need.of(runtime.samplerDevice(), estimate.rolloutNodeBytes(), process));
    }
  }

  /**
   * What a run gets.
   *
   * @param learner node of the learner; empty = none has room now
   * @param rollouts actors by node
   * @param shortages what is missing
   */
  record Plan(
      Optional<String> learner,
      Map<String, Integer> rollouts,
      Set<String> rewards,
      List<Shortage> shortages) {
    static final Plan NOTHING = new Plan(Optional.empty(), Map.of(), Set.of(), List.of());
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
        Set.copyOf(nodes.stream().filter(node -> node.has(Role.REWARD)).map(Node::name).toList());
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
              shortages(wish, takes, learner.isPresent(), !slots.isEmpty(), !rewards.isEmpty())));
    }
    return plans;
  }

  private static Optional<String> learnerOf(Map<String, Optional<String>> learners, Wish wish) {
    return learners.getOrDefault(wish.run(), Optional.empty());
  }

  private Map<String, Optional<String>> learners() {
    Map<String, Integer> room = new TreeMap<>();
    for (Node node : nodes) {
      room.put(node.name(), node.has(Role.LEARNER) ? node.learnersMax() : 0);
    }
    Map<String, Optional<String>> chosen = new HashMap<>();
    for (Wish wish : wishes) {
      host(wish.run())
          .ifPresent(
              host -> {
                // An overtaken head may have brought one where there was no room, or is none now.
                boolean fits = room.merge(host.name(), -1, Integer::sum) >= 0;
                chosen.put(wish.run(), fits ? Optional.of(host.name()) : Optional.empty());
              });
    }
    for (Wish wish : wishes) {
      if (!chosen.containsKey(wish.run())) {
        Optional<String> free =
            planned(wish.run())
                .filter(name -> fits(name, wish) && room.getOrDefault(name, 0) > 0)
                .or(() -> roomiest(room, wish));
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

  private boolean fits(String name, Wish wish) {
    return nodes.stream()
        .anyMatch(node -> node.name().equals(name) && node.has(Role.LEARNER, wish.learner()));
  }

  private Optional<String> roomiest(Map<String, Integer> room, Wish wish) {
    return nodes.stream()
        .filter(node -> node.has(Role.LEARNER, wish.learner()) && roomOf(room, node) > 0)
        .max(
            Comparator.comparingInt((Node node) -> roomOf(room, node))
                .thenComparingInt(Node::cores)
                .thenComparingLong(Node::memory))
        .map(Node::name);
  }

  private static int roomOf(Map<String, Integer> room, Node node) {
    return room.getOrDefault(node.name(), 0);
  }

  private Map<String, Map<String, Integer>> rollouts(List<Wish> taking) {
    List<Node> rollout = nodes.stream().filter(node -> node.has(Role.ROLLOUT)).toList();
    Map<String, Map<Set<String>, Integer>> quotas = Quotas.of(taking, rollout);
    Map<String, Set<String>> kinds =
        rollout.stream().collect(Collectors.toMap(Node::name, node -> Quotas.kind(node, taking)));
    Map<String, Integer> free = rollout.stream().collect(Collectors.toMap(Node::name, Node::slots));
    Map<String, Map<String, Integer>> given = new HashMap<>();
    for (Wish wish : taking) {
      Map<String, Integer> had = before.getOrDefault(wish.run(), Plan.NOTHING).rollouts();
      Map<Set<String>, Integer> quota = quotas.getOrDefault(wish.run(), Map.of());
      for (Node node : rollout) {
        Set<String> kind = kinds.getOrDefault(node.name(), Set.of());
        give(wish, node, kind, had.getOrDefault(node.name(), 0), quota, free, given);
      }
    }
    for (Wish wish : taking) {
      Map<Set<String>, Integer> quota = quotas.getOrDefault(wish.run(), Map.of());
      for (Node node : rollout) {
        Set<String> kind = kinds.getOrDefault(node.name(), Set.of());
        give(wish, node, kind, node.slots(), quota, free, given);
      }
    }
    return given;
  }

  /** Gives at most {@code many} of the node's free slots, as far as the quota goes. */
  private static void give(
      Wish wish,
      Node node,
      Set<String> kind,
      int many,
      Map<Set<String>, Integer> quota,
      Map<String, Integer> free,
      Map<String, Map<String, Integer>> given) {
    int due = quota.getOrDefault(kind, 0);
    int slots = Math.min(many, Math.min(due, free.getOrDefault(node.name(), 0)));
    if (slots > 0) {
      quota.merge(kind, -slots, Integer::sum);
      free.merge(node.name(), -slots, Integer::sum);
      given
          .computeIfAbsent(wish.run(), _ -> new TreeMap<>())
          .merge(node.name(), slots, Integer::sum);
    }
  }

  private List<Shortage> shortages(
      Wish wish, boolean takes, boolean learner, boolean rollouts, boolean rewards) {
    List<Shortage> missing = new ArrayList<>();
    // A learner that leaves a draining node begins elsewhere within seconds.
    boolean moves =
        host(wish.run()).isPresent()
            && nodes.stream().anyMatch(node -> node.has(Role.LEARNER, wish.learner()));
    if (!learner && !moves) {
      missing.add(Shortage.ofLearner(nodes, wish.learner()));
    }
    boolean slots =
        nodes.stream().anyMatch(node -> node.has(Role.ROLLOUT, wish.sampler()) && node.slots() > 0);
    // Who doesn't take part yet gets its share of the slots once it does.
    if (!rollouts && (takes || !slots)) {
      missing.add(Shortage.ofRollout(nodes, wish.sampler()));
    }
    if (!rewards) {
      missing.add(Shortage.ofReward());
    }
    return missing;
  }
}
