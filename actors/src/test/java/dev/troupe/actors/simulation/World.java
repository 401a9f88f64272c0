package dev.troupe.actors.simulation;

import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.ledger.SimulatedReplay;
import dev.troupe.actors.simulation.Trouble.Fault;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Two heads, two learners, three workers on two nodes, one disk, and whatever happens to them, in
 * the order that a seed decides. Time is counted in milliseconds and passes from event to event.
 *
 * <p>First troubles, then calm: the run must go on to further commits, and every grant that was out
 * must end.
 */
final class World {
  static final long FIRST_UPDATE = 10;
  static final int ANY_LIFE = -1;
  private static final long SUPERVISION = 10_000;
  private static final long DETECTION = 5_000;
  private static final long PATIENCE = 4_000_000;
  private static final int BATCHES_AFTER = 2;
  private static final List<Fault> FAULTS = List.of(Fault.values());

  /** Something that will happen; of two at one time the one that was said first comes first. */
  private record Event(long at, long order, Optional<Party> party, int life, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final RandomGenerator random;
  private final Flaw flaw;
  private final Optional<StringBuilder> history;
  private final Trouble trouble;
  private final Disk disk;
  private final Promises promises;
  private final ReplaySpecification replay;
  private final RewardSpecification reward;
  private final LedgerRules rules;
  private final boolean retains;
  private final List<Head> heads = new ArrayList<>();
  private final List<Learner> learners = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Party> everyone = new ArrayList<>();
  private final PriorityQueue<Event> coming = new PriorityQueue<>();
  private final Map<Happening, Long> happened = new EnumMap<>(Happening.class);
  private int head;
  private int learner;
  private long now;
  private long order;
  private long steps;

  World(long seed, Flaw flaw, Optional<StringBuilder> history) {
    this.random = new SplittableRandom(seed);
    this.flaw = flaw;
    this.history = history;
    this.trouble = new Trouble(random);
    this.disk = new Disk(this);
    this.promises = new Promises(this);
    this.replay = specification();
    this.reward =
        Samples.reward(
            random.nextBoolean() ? OnFailedMember.DROP_MEMBER : OnFailedMember.DROP_GROUP,
            1_000_000);
    CheckpointSpecification checkpoints = new CheckpointSpecification(1, 1 + random.nextInt(3));
    this.rules = LedgerRules.of(replay, reward, checkpoints, random.nextBoolean());
    this.retains = random.nextBoolean();
    for (int i = 0; i < 2; i++) {
      heads.add(new Head(this, "head-" + i));
      learners.add(new Learner(this, "learner-" + i));
    }
    for (int i = 0; i < 3; i++) {
      workers.add(new Worker(this, "node-" + i % 2 + "/rollout-" + i, 1 + random.nextInt(4)));
    }
    everyone.addAll(heads);
    everyone.addAll(learners);
    everyone.addAll(workers);
  }

  private ReplaySpecification specification() {
    int lag = random.nextInt(3);
    ReplaySpecification base = Samples.replay(1 + random.nextInt(3), 1 + random.nextInt(3), lag);
    if (lag > 0 && random.nextInt(3) == 0) {
      base = Samples.reusing(base, 2);
    }
    if (random.nextInt(3) == 0) {
      base = Samples.filtering(base);
    }
    return Samples.with(
        base,
        random.nextBoolean() ? OnStraggler.DROP : OnStraggler.HOLD,
        random.nextBoolean() ? Orphans.ADMIT : Orphans.DROP);
  }

  /** Lives through troubles for {@code troubled} milliseconds, and on until all is well. */
  void run(long troubled) {
    heads.forEach(Head::start);
    head().takeOver();
    learners.get(learner).start();
    workers.forEach(Worker::start);
    after(trouble.nextFault(), this::fault);
    after(SUPERVISION, this::supervise);
    while (now < troubled) {
      step();
    }
    calm();
  }

  private void calm() {
    tell("the world", "becomes", "calm");
    trouble.end();
    everyone.forEach(Party::recover);
    while (newestHead().isEmpty()) {
      stepWithPatience();
    }
    Head first = newestHead().orElseThrow();
    List<TrajectoryId> out = first.account().map(Account::leased).orElse(List.of());
    long target = first.account().map(Account::committed).orElse(0L) + BATCHES_AFTER;
    while (!isWell(out, target)) {
      stepWithPatience();
    }
    Head last = newestHead().orElseThrow();
    promises.compareFolds(last, last.books().orElseThrow());
    promises.sweep(last, last.books().orElseThrow(), last.account().orElseThrow());
  }

  private boolean isWell(List<TrajectoryId> out, long target) {
    return newestHead()
        .flatMap(Head::account)
        .filter(it -> it.committed() >= target && out.stream().allMatch(it::isSettled))
        .isPresent();
  }

  private void stepWithPatience() {
    step();
    if (now > PATIENCE) {
      Optional<SimulatedReplay> books = newestHead().flatMap(Head::books);
      throw new AssertionError(
          "no progress in calm: %s; the learner waits for %s: %s; out are %s"
              .formatted(
                  books.map(it -> it.ledger().counts().law() + ", " + it.occupancy()),
                  books.flatMap(SimulatedReplay::batchRequested),
                  books.map(SimulatedReplay::batchWaitsFor),
                  newestHead().flatMap(Head::account).map(Account::leased)));
    }
  }

  private Optional<Head> newestHead() {
    return heads.stream().filter(Head::isOpen).reduce((a, b) -> b.epoch() > a.epoch() ? b : a);
  }

  private void step() {
    Event event = coming.remove();
    now = Math.max(now, event.at());
    if (event.party().isEmpty()) {
      event.action().run();
      return;
    }
    Party party = event.party().get();
    if (!party.isAlive() || (event.life() != ANY_LIFE && event.life() != party.life())) {
      return;
    }
    if (party.isFrozen()) {
      coming.add(
          new Event(
              party.frozenUntil(), event.order(), event.party(), event.life(), event.action()));
      return;
    }
    event.action().run();
    if (party instanceof Head its && its.isOpen()) {
      check(its);
    }
  }

  private void check(Head its) {
    SimulatedReplay books = its.books().orElseThrow();
    Account account = its.account().orElseThrow();
    promises.check(its, books, account);
    if (++steps % 64 == 0) {
      promises.sweep(its, books, account);
    }
    if (steps % 512 == 0) {
      promises.compareFolds(its, books);
    }
  }

  // ---- time and messages ----

  long now() {
    return now;
  }

  private void after(long delay, Runnable action) {
    coming.add(new Event(now + delay, order++, Optional.empty(), ANY_LIFE, action));
  }

  void after(long delay, Party party, int life, Runnable action) {
    coming.add(new Event(now + delay, order++, Optional.of(party), life, action));
  }

  void send(Party from, Party to, int life, Message message) {
    if (from.isCutOff() || to.isCutOff() || trouble.isLost()) {
      tell(from, "loses to " + to, message);
      return;
    }
    int copies = trouble.isDoubled() ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      after(trouble.messageTime(), to, life, () -> deliver(from, to, message));
    }
  }

  private void deliver(Party from, Party to, Message message) {
    tell(to, "hears from", from, message);
    to.onMessage(message);
  }

  // ---- faults ----

  private void fault() {
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    if (trouble.happens(fault)) {
      happen(fault);
    }
    after(trouble.nextFault(), this::fault);
  }

  private void happen(Fault fault) {
    tell("the world", "brings", fault);
    Worker someWorker = workers.get(random.nextInt(workers.size()));
    long until = now + trouble.faultTime();
    switch (fault) {
      case WORKER_FROZEN -> someWorker.freeze(until);
      case WORKER_CRASHES -> someWorker.crash();
      case WORKER_SUSPECTED -> lost(someWorker.name);
      case NODE_CRASHES -> {
        String node = "node-" + random.nextInt(2);
        workers.stream().filter(it -> it.name.startsWith(node)).forEach(Party::crash);
        lost(node);
      }
      case HEAD_FROZEN -> heads.get(random.nextInt(2)).freeze(until);
      case HEAD_CRASHES -> heads.get(random.nextInt(2)).crash();
      case HEAD_SUSPECTED -> changeHead();
      case LEARNER_FROZEN -> learners.get(learner).freeze(until);
      case LEARNER_CRASHES -> learners.get(learner).crash();
      case LEARNER_SUSPECTED -> changeLearner();
      case SWAP -> {
        Head active = head();
        int version = 1 + random.nextInt(3);
        after(0, active, active.life(), () -> active.onMessage(new Message.Swap(version)));
      }
      case CUT_OFF -> everyone.get(random.nextInt(everyone.size())).cutOff(until);
      case DISK_LOW -> {
        trouble.turnDiskLow(true);
        after(trouble.faultTime(), () -> trouble.turnDiskLow(false));
      }
    }
  }

  /** A process may freeze or die at the worst moment: inside a write, before a sync or after it. */
  void mayFail(Party party) {
    if (trouble.isFrozenInside()) {
      party.freeze(now + trouble.faultTime());
    } else if (trouble.isFrozenInside()) {
      after(0, party::crash);
    }
  }

  void workerLost(Worker worker) {
    after(DETECTION, () -> lost(worker.name));
  }

  private void lost(String lost) {
    Head active = head();
    after(0, active, active.life(), () -> active.onMessage(new Message.NodeLost(lost)));
  }

  /** What clusters do: replaces what doesn't answer, restarts what is gone. */
  private void supervise() {
    for (Party party : everyone) {
      if (!party.isAlive() && !(party instanceof Learner) && random.nextInt(3) == 0) {
        party.start();
      }
    }
    if (isGone(head())) {
      changeHead();
    } else if (!head().isOpen() && !head().isTakingOver()) {
      head().takeOver();
    }
    if (isGone(learners.get(learner))) {
      changeLearner();
    }
    after(SUPERVISION, this::supervise);
  }

  private boolean isGone(Party party) {
    return !party.isAlive() || party.isCutOff() || party.frozenUntil() > now + DETECTION;
  }

  private void changeHead() {
    Head other = heads.get(1 - head);
    if (!isGone(other)) {
      Head old = head();
      head = 1 - head;
      other.takeOver();
      if (trouble.isSwitchedOff()) {
        after(trouble.faultTime(), () -> switchOff(old));
      }
    }
  }

  /** The machine of a head that was replaced loses its power. */
  private void switchOff(Head old) {
    if (old != head()) {
      old.crash();
    }
  }

  private void changeLearner() {
    Learner other = learners.get(1 - learner);
    if (!other.isAlive() || !isGone(other)) {
      learner = 1 - learner;
      if (!other.isAlive()) {
        other.start();
      }
    }
  }

  // ---- what everyone may ask for ----

  /** The head that the cluster believes in. */
  Head head() {
    return heads.get(head);
  }

  /** Who wants to know which head is at work. */
  List<Party> followers() {
    return everyone.subList(heads.size(), everyone.size());
  }

  RandomGenerator random() {
    return random;
  }

  Flaw flaw() {
    return flaw;
  }

  Trouble trouble() {
    return trouble;
  }

  Disk disk() {
    return disk;
  }

  Promises promises() {
    return promises;
  }

  SimulatedReplay newReplay() {
    return new SimulatedReplay(replay, reward, rules, flaw);
  }

  Account newAccount() {
    return new Account(replay, rules.oneVerifierABatch(), FIRST_UPDATE, disk);
  }

  RetentionModel newRetention() {
    return new RetentionModel(retains, flaw, disk);
  }

  /** Something worth counting happened. */
  void note(Happening what) {
    happened.merge(what, 1L, Long::sum);
  }

  /** How often what happened. */
  Map<Happening, Long> happened() {
    return happened;
  }

  /** Batches that are cut for all that anyone knows. */
  long batchesCut() {
    return newestHead().flatMap(Head::account).map(Account::cut).orElse(0L);
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
