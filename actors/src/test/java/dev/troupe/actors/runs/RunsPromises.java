package dev.troupe.actors.runs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was promised to people, and what must hold after every step of a head. */
final class RunsPromises {
  private static final RunsDisk.Name NEVER = new RunsDisk.Name(0, 0);

  private final RunsWorld world;

  /** The newest word about each run that somebody was told of. */
  private final Map<String, RunsDisk.Name> told = new HashMap<>();

  private final Map<String, RunsDisk.Name> over = new HashMap<>();
  private final Set<String> leaving = new HashSet<>();
  private final Map<Long, String> asked = new HashMap<>();
  private Map<String, RunsDisk.Name> lastSeen = Map.of();
  private int lastEpoch;

  RunsPromises(RunsWorld world) {
    this.world = world;
  }

  void asks(long request, String run) {
    asked.put(request, run);
  }

  /** Somebody is told that it is so. */
  void answered(long request, RunsDisk.Name stamp) {
    String run = asked.getOrDefault(request, "");
    told.merge(run, stamp, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /** Somebody is told that these nodes leave. */
  void answeredDrains(Set<String> lives) {
    leaving.addAll(lives);
  }

  /** The head that counts took over and knows that these nodes are to leave. */
  void openedDrains(int epoch, Set<String> known) {
    for (String life : leaving) {
      world.check(
          known.contains(life) || world.isGone(life),
          "somebody was told that %s leaves, and epoch %s knows %s",
          life,
          epoch,
          known);
      if (world.isWaiting(life)) {
        world.note(RunsHappening.DRAIN_TAKEN_OVER);
      }
    }
  }

  /** Nodes of which somebody was told that they leave, and which have not. */
  List<String> staying() {
    return leaving.stream().filter(life -> !world.isGone(life)).toList();
  }

  /** The disk has it that a run is over. */
  void over(String run, RunsDisk.Name stamp) {
    over.merge(run, stamp, (a, b) -> a.compareTo(b) > 0 ? a : b);
    told.merge(run, stamp, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  /** The head that counts begins a run by the word {@code stamp}. */
  void begins(String run, RunsDisk.Name stamp) {
    RunsDisk.Name end = over.getOrDefault(run, NEVER);
    world.check(
        stamp.compareTo(end) > 0, "%s begins by %s although it was over by %s", run, stamp, end);
  }

  /** The head that counts took over and knows this. */
  void opened(int epoch, Map<String, RunsDisk.Name> known) {
    told.forEach(
        (run, stamp) ->
            world.check(
                known.getOrDefault(run, NEVER).compareTo(stamp) >= 0,
                "somebody was told of %s by %s, and epoch %s knows %s",
                run,
                stamp,
                epoch,
                known.getOrDefault(run, NEVER)));
    known.forEach(
        (run, stamp) ->
            world.check(
                stamp.epoch() >= lastEpoch || stamp.equals(lastSeen.getOrDefault(run, NEVER)),
                "%s of %s counts, which epoch %s didn't see: it saw %s",
                stamp,
                run,
                lastEpoch,
                lastSeen.getOrDefault(run, NEVER)));
    lastSeen = new TreeMap<>(known);
    lastEpoch = epoch;
  }

  /** What a head has placed. */
  void check(HeadMachine head) {
    if (!head.decisions().hasPlaced()) {
      return;
    }
    Map<NodeMachine, Integer> used = new HashMap<>();
    Map<NodeMachine, Integer> learners = new HashMap<>();
    Map<String, Integer> slots = new TreeMap<>();
    int total = 0;
    for (RunEntry run : head.decisions().runs()) {
      Placement.Plan plan = run.plan();
      world.check(
          run.isWanted() || plan.equals(Placement.Plan.NOTHING),
          "%s is over and has %s",
          run,
          plan);
      for (Map.Entry<String, Integer> it : plan.rollouts().entrySet()) {
        used.merge(world.node(it.getKey()), it.getValue(), Integer::sum);
        world.check(!head.decisions().isDraining(it.getKey()), "%s drains", it.getKey());
        total += it.getValue();
      }
      plan.learner().ifPresent(node -> learners.merge(world.node(node), 1, Integer::sum));
      if (run.isWanted() && (run.isActive() || plan.learner().isPresent())) {
        slots.put(run.name, plan.rollouts().values().stream().mapToInt(it -> it).sum());
      }
      if (run.isWanted() && !run.isActive() && !plan.shortages().isEmpty()) {
        world.note(RunsHappening.WAITED_FOR_A_LEARNER);
      }
    }
    for (List<Allotment<NodeMachine.Ref>> places : head.places()) {
      for (Allotment<NodeMachine.Ref> it : places) {
        world.check(!world.isLongGone(it.ref(), head), "%s is gone and has %s", it.ref(), it);
      }
    }
    used.forEach((node, it) -> world.check(it <= node.slots, "%s has %s rollouts", node, it));
    learners.forEach(
        (node, it) -> world.check(it <= node.learnersMax, "%s has %s learners", node, it));
    checkShares(slots, total);
    for (RunOfHead run : head.made()) {
      Control.Wanted wanted =
          head.decisions().runs().stream()
              .filter(it -> it.name.equals(run.run()))
              .map(it -> it.control().wanted())
              .findFirst()
              .orElse(Control.Wanted.RUN);
      world.check(
          run.wanted() == wanted, "%s does %s, wanted is %s", run.run(), run.wanted(), wanted);
    }
  }

  /** Each run gets one slot; beyond that, its share of the rest, give or take one. */
  private void checkShares(Map<String, Integer> slots, int total) {
    if (total < slots.size()) {
      slots.forEach((run, it) -> world.check(it <= 1, "%s has %s of %s", run, it, slots));
      return;
    }
    List<String> sharing = List.copyOf(slots.keySet());
    double rest = total;
    while (true) {
      double sum = sharing.stream().mapToDouble(world::share).sum();
      double each = rest / sum;
      List<String> small = sharing.stream().filter(run -> world.share(run) * each < 1).toList();
      small.forEach(
          run ->
              world.check(slots.getOrDefault(run, 0) == 1, "%s is small and gets %s", run, slots));
      if (small.isEmpty()) {
        for (String run : sharing) {
          double exact = world.share(run) * each;
          world.check(
              Math.abs(slots.getOrDefault(run, 0) - exact) < 1,
              "%s with share %s gets %s, its part is %s",
              run,
              world.share(run),
              slots,
              exact);
        }
        return;
      }
      rest -= small.size();
      sharing = sharing.stream().filter(run -> !small.contains(run)).toList();
    }
  }
}
