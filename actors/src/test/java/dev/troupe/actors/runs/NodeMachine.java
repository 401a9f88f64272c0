package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.RunTerms;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A worker: takes part in runs as heads say, and tells what it has. */
final class NodeMachine extends Machine {

  /** A node in one of its lives. */
  record Ref(NodeMachine node, int life) {
    @Override
    public String toString() {
      return node + "#" + life;
    }
  }

  /** What a run's actor wants of this node. */
  record Enlist(String run, long term, int rollouts, boolean learner, HeadMachine head, int life) {}

  final Set<Role> roles;
  final int slots;
  final int learnersMax;
  private final Map<String, Enlist> wanted = new TreeMap<>();
  private final Map<String, Integer> rollouts = new HashMap<>();
  private final Set<String> learners = new HashSet<>();
  private final Map<String, Long> newestHeard = new HashMap<>();
  private RunTerms terms = new RunTerms();
  private boolean draining;

  NodeMachine(RunsWorld world, String name, Set<Role> roles, int slots, int learnersMax) {
    super(world, name);
    this.roles = roles;
    this.slots = slots;
    this.learnersMax = learnersMax;
  }

  Ref ref() {
    return new Ref(this, life());
  }

  @Override
  void onStart() {
    world.note(RunsHappening.NODE_JOINED);
    wanted.clear();
    rollouts.clear();
    learners.clear();
    newestHeard.clear();
    terms = new RunTerms();
    draining = false;
    announce();
    tick();
  }

  @Override
  void onCrash() {
    world.nodeGone(new Ref(this, life() - 1));
  }

  private void announce() {
    HeadMachine head = world.active();
    send(head, head.life(), "is there", () -> head.found(ref()));
    after(5_000, this::announce);
  }

  private void tick() {
    List.copyOf(wanted.values()).forEach(this::report);
    if (draining && rollouts.values().stream().allMatch(it -> it == 0) && learners.isEmpty()) {
      world.note(RunsHappening.NODE_DRAINED);
      after(1, this::crash);
    }
    after(1_000, this::tick);
  }

  // What heads say.

  void whatDoYouOffer(HeadMachine asking, int life) {
    Map<String, Integer> held = new TreeMap<>();
    if (world.flaw() != RunsFlaw.LEFTOVERS_STAY) {
      wanted.forEach((run, enlist) -> held.put(run, enlist.rollouts()));
    }
    boolean says = draining && world.flaw() != RunsFlaw.DRAINED_NODE_PLACED;
    Placement.Node offer = world.offer(this, says, Set.copyOf(learners));
    Ref ref = ref();
    send(asking, life, "tells what it has", () -> asking.present(ref, offer, held));
  }

  void enlist(Enlist enlist) {
    boolean older = enlist.term() < newestHeard.getOrDefault(enlist.run(), 0L);
    if (older) {
      world.note(RunsHappening.OLDER_WORD_NOT_HEARD);
    }
    if (!terms.counts(enlist.run(), enlist.term()) && world.flaw() != RunsFlaw.TWO_HEADS_PLACE) {
      return;
    }
    world.check(!older, "%s heard %s after term %s", this, enlist, newestHeard);
    newestHeard.put(enlist.run(), enlist.term());
    Enlist given =
        draining
            ? new Enlist(enlist.run(), enlist.term(), 0, false, enlist.head(), enlist.life())
            : enlist;
    wanted.put(enlist.run(), given);
    makeSo(given);
  }

  private void makeSo(Enlist enlist) {
    int here = rollouts.getOrDefault(enlist.run(), 0);
    if (here < enlist.rollouts()) {
      rollouts.put(enlist.run(), enlist.rollouts());
    } else if (here > enlist.rollouts()) {
      after(world.some(4_000), () -> retire(enlist.run()));
    }
    if (enlist.learner()) {
      learners.add(enlist.run());
    } else if (learners.contains(enlist.run())) {
      after(world.some(3_000), () -> leave(enlist.run()));
    }
    report(enlist);
  }

  private void retire(String run) {
    Enlist now = wanted.get(run);
    if (now != null) {
      rollouts.put(run, now.rollouts());
      report(now);
    }
  }

  private void leave(String run) {
    Enlist now = wanted.get(run);
    if (now != null && !now.learner()) {
      learners.remove(run);
      report(now);
    }
  }

  void dismiss(String run, long term) {
    if (!terms.counts(run, term)) {
      return;
    }
    newestHeard.merge(run, term, Math::max);
    wanted.remove(run);
    rollouts.remove(run);
    learners.remove(run);
    if (world.flaw() == RunsFlaw.DISMISSED_IS_FORGOTTEN) {
      terms = new RunTerms();
      wanted.forEach((other, enlist) -> terms.counts(other, enlist.term()));
    }
  }

  void drain() {
    draining = true;
    wanted.replaceAll((run, it) -> new Enlist(run, it.term(), 0, false, it.head(), it.life()));
    List.copyOf(wanted.values()).forEach(this::makeSo);
  }

  private void report(Enlist enlist) {
    int here = rollouts.getOrDefault(enlist.run(), 0);
    boolean learner = learners.contains(enlist.run());
    Ref ref = ref();
    send(
        enlist.head(),
        enlist.life(),
        "reports",
        () -> enlist.head().reported(enlist.run(), enlist.term(), ref, here, learner));
  }

  // What is seen from outside.

  boolean isDraining() {
    return draining;
  }

  /** Rollout actors that runs want here. */
  Map<String, Integer> wantedRollouts() {
    Map<String, Integer> all = new TreeMap<>();
    wanted.forEach(
        (run, enlist) -> {
          if (enlist.rollouts() > 0) {
            all.put(run, enlist.rollouts());
          }
        });
    return all;
  }

  Set<String> runs() {
    return Set.copyOf(wanted.keySet());
  }
}
