package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.run.Recipes;
import dev.troupe.protocol.run.RunSpecification;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Three heads, five workers that come and go, people who submit, pause, continue, stop, resume and
 * drain, a directory that is slow and full at times, and whatever happens to them, in the order
 * that a seed decides. Times are in milliseconds.
 *
 * <p>First troubles, then calm: every run must come to its end, and nodes must be left with
 * nothing.
 */
final class RunsWorld {
  private static final long DETECTION = 8_000;
  private static final long SUPERVISION = 3_000;
  private static final long LONG = 10_000;
  private static final long CALM = 30_000;
  private static final long PATIENCE = 600_000;
  private static final int ANY_LIFE = -1;

  private enum Fault {
    HEAD_FROZEN,
    HEAD_CRASHES,
    HEAD_CUT_OFF,
    HEAD_SUSPECTED,
    NODE_FROZEN,
    NODE_CRASHES,
    NODE_CUT_OFF,
    DISK_FULL
  }

  private record Event(long at, long order, Optional<Machine> machine, int life, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final RandomGenerator random;
  private final RunsFlaw flaw;
  private final Optional<StringBuilder> history;
  private final RunsDisk disk;
  private final RunsPromises promises = new RunsPromises(this);
  private final People people = new People(this);
  private final List<HeadMachine> heads = new ArrayList<>();
  private final List<NodeMachine> nodes = new ArrayList<>();
  private final Map<String, Double> shares = new HashMap<>();
  private final Map<String, Integer> work = new HashMap<>();
  private final Map<Double, RunSpecification> specifications = new HashMap<>();
  private final Map<NodeMachine.Ref, Long> gone = new HashMap<>();
  private final Map<NodeMachine, Long> awayUntil = new HashMap<>();
  private final Map<HeadMachine, Integer> removed = new HashMap<>();
  private final Map<NodeMachine, Long> crowdedSince = new HashMap<>();
  private final PriorityQueue<Event> coming = new PriorityQueue<>();
  private final Map<RunsHappening, Long> happened = new EnumMap<>(RunsHappening.class);
  private final int lossPercent;
  private final int latePercent;
  private final int freezePercent;
  private final long faultEvery;
  private final long slowMax;
  private int active;
  private long now;
  private long order;
  private boolean calm;

  RunsWorld(long seed, RunsFlaw flaw, Optional<StringBuilder> history) {
    this.random = new SplittableRandom(seed);
    this.flaw = flaw;
    this.history = history;
    this.disk = new RunsDisk(flaw);
    lossPercent = random.nextBoolean() ? 0 : random.nextInt(20);
    latePercent = random.nextBoolean() ? 0 : random.nextInt(20);
    freezePercent = random.nextBoolean() ? 0 : random.nextInt(8);
    faultEvery = 3_000 + random.nextLong(15_000);
    slowMax = random.nextInt(3) == 0 ? 3_000 : 200;
    for (int i = 0; i < 3; i++) {
      heads.add(new HeadMachine(this, "head-" + i));
    }
    nodes.add(new NodeMachine(this, "node-0", Role.parse("learner,reward"), 0, 1));
    nodes.add(new NodeMachine(this, "node-1", Role.parse("learner,rollout"), random.nextInt(3), 1));
    nodes.add(new NodeMachine(this, "node-2", Role.parse("rollout"), 1 + random.nextInt(4), 0));
    nodes.add(new NodeMachine(this, "node-3", Role.parse("rollout"), 1 + random.nextInt(4), 0));
    nodes.add(
        new NodeMachine(this, "node-4", Role.parse("rollout,reward"), 1 + random.nextInt(3), 0));
    if (random.nextBoolean()) {
      nodes.add(new NodeMachine(this, "node-5", Role.parse("learner"), 0, 1 + random.nextInt(2)));
    }
  }

  /** Lives through troubles for {@code troubled} milliseconds, and on until all is well. */
  void run(long troubled) {
    heads.forEach(Machine::start);
    nodes.forEach(Machine::start);
    active().begin();
    nodes.forEach(node -> tellOf(node.ref()));
    people.start();
    after(faultEvery, this::fault);
    after(SUPERVISION, this::supervise);
    while (now < troubled) {
      step();
    }
    tell("the world", "becomes calm");
    calm = true;
    disk.fill(false);
    heads.forEach(Machine::reconnect);
    nodes.forEach(Machine::reconnect);
    people.settle();
    long until = now + CALM;
    while (now < until || !isWell()) {
      step();
      if (now > troubled + PATIENCE) {
        throw new AssertionError("no progress in calm: " + state());
      }
    }
  }

  private boolean isWell() {
    HeadMachine head = active();
    return head.isNewest()
        && !head.isSilent()
        && head.decisions().runs().stream().allMatch(run -> run.control().isOver())
        && nodes.stream().allMatch(node -> node.runs().isEmpty())
        && promises.staying().isEmpty();
  }

  private String state() {
    StringBuilder all = new StringBuilder(active() + " " + active().isNewest());
    if (active().isBegun()) {
      for (RunEntry run : active().decisions().runs()) {
        all.append("; %s %s %s %s".formatted(run.name, run.control(), run.state(), run.plan()));
      }
    }
    nodes.forEach(node -> all.append("; %s has %s".formatted(node, node.runs())));
    all.append("; to leave: ").append(promises.staying());
    return all.toString();
  }

  private void step() {
    Event event = coming.remove();
    now = Math.max(now, event.at());
    if (event.machine().isEmpty()) {
      event.action().run();
      return;
    }
    Machine machine = event.machine().get();
    if (!machine.isAlive() || (event.life() != ANY_LIFE && event.life() != machine.life())) {
      return;
    }
    if (machine.isFrozen()) {
      coming.add(
          new Event(
              machine.frozenUntil(), event.order(), event.machine(), event.life(), event.action()));
      return;
    }
    event.action().run();
    if (machine instanceof HeadMachine head && head.hasDecided() && head.isNewest()) {
      promises.check(head);
    }
  }

  // Time and messages.

  long now() {
    return now;
  }

  private void after(long delay, Runnable action) {
    coming.add(new Event(now + delay, order++, Optional.empty(), ANY_LIFE, action));
  }

  void after(long delay, Machine machine, int life, Runnable action) {
    coming.add(new Event(now + delay, order++, Optional.of(machine), life, action));
  }

  /** Between two machines messages may be lost, late and out of order. */
  void send(Machine from, Machine to, int life, Object what, Runnable action) {
    boolean near = from.name.equals(to.name);
    if (from.isCutOff() || to.isCutOff() || (!near && isIn(lossPercent))) {
      tell(from, "in vain to", to, what);
      return;
    }
    long delay = 5 + (isIn(latePercent) ? random.nextLong(20_000) : random.nextLong(100));
    coming.add(
        new Event(
            now + delay,
            order++,
            Optional.of(to),
            life,
            () -> {
              tell(from, "to", to, what);
              action.run();
            }));
  }

  private boolean isIn(int percent) {
    return !calm && percent > 0 && random.nextInt(100) < percent;
  }

  /** From 0 to below {@code below}. */
  long some(long below) {
    return random.nextLong(below);
  }

  /** What a step on the disk takes. */
  long slow() {
    return 1 + random.nextLong(calm ? 50 : slowMax);
  }

  /** A process may freeze or die at the worst moment: in the middle of writing. */
  void mayFail(Machine machine) {
    if (isIn(freezePercent)) {
      machine.freeze(now + faultTime());
    } else if (isIn(freezePercent)) {
      after(0, machine::crash);
    }
  }

  private long faultTime() {
    return 500 + random.nextLong(random.nextBoolean() ? 4_000 : 40_000);
  }

  // Faults.

  private void fault() {
    if (calm) {
      return;
    }
    HeadMachine head = random.nextBoolean() ? active() : heads.get(random.nextInt(heads.size()));
    NodeMachine node = nodes.get(random.nextInt(nodes.size()));
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    tell("the world", "brings", fault);
    switch (fault) {
      case HEAD_FROZEN -> head.freeze(now + faultTime());
      case HEAD_CRASHES -> head.crash();
      case HEAD_CUT_OFF -> head.cutOff(now + faultTime());
      case HEAD_SUSPECTED -> changeHead();
      case NODE_FROZEN -> node.freeze(now + faultTime());
      case NODE_CRASHES -> node.crash();
      case NODE_CUT_OFF -> node.cutOff(now + faultTime());
      case DISK_FULL -> {
        disk.fill(true);
        after(1_000 + random.nextLong(10_000), () -> disk.fill(false));
      }
    }
    after(1 + random.nextLong(2 * faultEvery), this::fault);
  }

  /** What clusters and supervisors do. */
  private void supervise() {
    HeadMachine head = active();
    if (!head.isAlive()
        || head.isCutOff()
        || head.frozenUntil() > now + DETECTION
        || isRemoved(head)
        || !head.isBegun()) {
      changeHead();
    }
    for (HeadMachine it : heads) {
      if (!it.isAlive() && random.nextInt(3) == 0) {
        it.start();
        removed.remove(it);
      } else if (it.isAlive() && isRemoved(it) && !it.isSilent() && random.nextInt(4) == 0) {
        // It hears at last that it was removed, and ends itself.
        it.crash();
      }
    }
    for (NodeMachine it : nodes) {
      boolean tooLong = it.isCutOff() || it.frozenUntil() > now + DETECTION;
      if (it.isAlive() && tooLong && random.nextInt(3) == 0) {
        // Removed; it ends itself when it finds out.
        nodeGone(it.ref());
        it.after(1, it::crash);
      } else if (!it.isAlive()
          && (calm || awayUntil.getOrDefault(it, 0L) < now)
          && random.nextInt(3) == 0) {
        it.start();
        tellOf(it.ref());
      }
    }
    if (calm) {
      crowded();
    }
    after(SUPERVISION, this::supervise);
  }

  private void changeHead() {
    HeadMachine old = active();
    for (int i = 1; i < heads.size(); i++) {
      int other = (active + i) % heads.size();
      HeadMachine next = heads.get(other);
      if (!next.isSilent() && !isRemoved(next) && !next.isBegun()) {
        active = other;
        if (old.isAlive()) {
          removed.put(old, old.life());
          note(RunsHappening.TWO_HEADS_AT_WORK);
        }
        next.begin();
        nodes.stream().filter(Machine::isAlive).forEach(node -> tellOf(node.ref()));
        return;
      }
    }
  }

  /** Whether it was removed from the cluster in this life, though it may not know it. */
  boolean isRemoved(HeadMachine head) {
    return removed.getOrDefault(head, ANY_LIFE) == head.life();
  }

  /** A node is there: heads hear of it. */
  private void tellOf(NodeMachine.Ref node) {
    HeadMachine head = active();
    after(random.nextLong(2_000), head, head.life(), () -> head.found(node));
  }

  /** A node is gone: heads hear of it when they have missed it for long enough. */
  void nodeGone(NodeMachine.Ref node) {
    if (gone.putIfAbsent(node, now) == null) {
      note(RunsHappening.NODE_LOST);
      if (random.nextInt(4) == 0) {
        awayUntil.put(node.node(), now + random.nextLong(90_000));
      }
      for (HeadMachine head : heads) {
        after(random.nextLong(DETECTION), head, ANY_LIFE, () -> head.lost(node));
      }
    }
  }

  boolean isGone(NodeMachine.Ref node) {
    return gone.containsKey(node);
  }

  boolean isGone(String life) {
    return nodes.stream().noneMatch(node -> node.isAlive() && node.ref().toString().equals(life))
        || gone.keySet().stream().anyMatch(node -> node.toString().equals(life));
  }

  /** Whether a node is there that has not heard that it is to leave. */
  boolean isWaiting(String life) {
    return nodes.stream()
        .anyMatch(
            node -> node.isAlive() && node.ref().toString().equals(life) && !node.isDraining());
  }

  /** Whether {@code head} must know that it is gone. */
  boolean isLongGone(NodeMachine.Ref node, HeadMachine head) {
    return Math.max(gone.getOrDefault(node, now), head.frozenUntil()) < now - LONG;
  }

  private void crowded() {
    for (NodeMachine node : nodes) {
      int wanted = node.wantedRollouts().values().stream().mapToInt(it -> it).sum();
      // Who is frozen hears it later.
      if (wanted <= node.slots || node.isFrozen()) {
        crowdedSince.remove(node);
      } else {
        long since = crowdedSince.computeIfAbsent(node, _ -> now);
        check(
            now - since < CALM, "%s has %s and %s slots", node, node.wantedRollouts(), node.slots);
      }
    }
  }

  // What everyone may ask for.

  HeadMachine active() {
    return heads.get(active);
  }

  NodeMachine node(String name) {
    return nodes.stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
  }

  String nodeToDrain() {
    return nodes.get(random.nextInt(nodes.size())).name;
  }

  Placement.Node offer(NodeMachine node, boolean draining, Set<String> learners) {
    return new Placement.Node(
        node.name,
        node.roles,
        node.slots,
        node.learnersMax,
        draining,
        Set.of("cpu"),
        2,
        0,
        learners);
  }

  double share(String run) {
    return shares.computeIfAbsent(run, _ -> (double) (1 + random.nextInt(4)));
  }

  RunSpecification specification(double share) {
    return specifications.computeIfAbsent(share, _ -> Recipes.small().share(share).build());
  }

  /** A run works for a second; true if it is done. */
  boolean works(String run) {
    int left = work.merge(run, -1, (before, less) -> before + less);
    if (left == -1) {
      left = 3 + random.nextInt(30);
      work.put(run, left);
    }
    if (left <= 0) {
      note(RunsHappening.DONE);
      return true;
    }
    return false;
  }

  RunsDisk disk() {
    return disk;
  }

  RunsPromises promises() {
    return promises;
  }

  People people() {
    return people;
  }

  RunsFlaw flaw() {
    return flaw;
  }

  /** Fails unless it holds; each "%s" of the first word stands for one of the others. */
  void check(boolean holds, Object... words) {
    if (!holds) {
      String text = String.valueOf(words[0]);
      for (int i = 1; i < words.length; i++) {
        int at = text.indexOf("%s");
        text = text.substring(0, at) + words[i] + text.substring(at + 2);
      }
      throw new AssertionError(text);
    }
  }

  void note(RunsHappening what) {
    happened.merge(what, 1L, Long::sum);
  }

  Map<RunsHappening, Long> happened() {
    return happened;
  }

  /** Writes the world's history, if somebody wants to read it. */
  void tell(Object who, Object... what) {
    if (history.isPresent()) {
      StringBuilder text = history.get();
      text.append("%9.3f s  %s".formatted(now / 1e3, who));
      for (Object word : what) {
        text.append(' ').append(word);
      }
      text.append('\n');
    }
  }
}
