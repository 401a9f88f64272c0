package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A head: the real {@link RunsDecisions}, and hands that do what they say in the pretended world.
 */
final class HeadMachine extends Machine implements Hands<NodeMachine.Ref, Long> {
  private static final long TERMS_IN_EPOCH = 1_000;
  private static final int TICKS_TO_SIGN = 4;
  private static final Shortage.Words WORDS =
      new Shortage.Words(HostPort.parse("127.0.0.1:7355"), Path.of("home"));

  private final ArrayDeque<Runnable> io = new ArrayDeque<>();
  private final Map<String, RunOfHead> made = new TreeMap<>();
  private final Map<String, Long> terms = new HashMap<>();
  private final Map<String, RunsDisk.Name> stamps = new HashMap<>();
  private final Map<Long, RunsDisk.Name> promised = new HashMap<>();
  private final Map<Long, Set<String>> promisedDrains = new HashMap<>();
  private final Map<String, List<Allotment<NodeMachine.Ref>>> places = new HashMap<>();
  private final Set<NodeMachine.Ref> present = new LinkedHashSet<>();
  private final Set<NodeMachine.Ref> drained = new HashSet<>();
  private final List<Runnable> early = new ArrayList<>();
  private @Nullable RunsDecisions<NodeMachine.Ref, Long> decisions;
  private int epoch;
  private long written;
  private long decided;
  private boolean opened;
  private boolean ioWorks;
  private boolean decides;
  private int ticks;

  HeadMachine(RunsWorld world, String name) {
    super(world, name);
  }

  @Override
  void onStart() {
    reset();
  }

  @Override
  void onCrash() {
    reset();
  }

  private void reset() {
    decisions = null;
    opened = false;
    ioWorks = false;
    epoch = 0;
    written = 0;
    decided = 0;
    ticks = 0;
    io.clear();
    made.clear();
    terms.clear();
    stamps.clear();
    promised.clear();
    promisedDrains.clear();
    places.clear();
    present.clear();
    drained.clear();
    early.clear();
  }

  // Taking over.

  boolean isBegun() {
    return decisions != null;
  }

  boolean isOpen() {
    return opened;
  }

  int epoch() {
    return epoch;
  }

  /** Whether no newer head has claimed the directory. */
  boolean isNewest() {
    return opened && !world.disk().isOvertaken(epoch);
  }

  /** Whether anything was decided since this was asked last. */
  boolean hasDecided() {
    boolean has = decides;
    decides = false;
    return has;
  }

  RunsDecisions<NodeMachine.Ref, Long> decisions() {
    if (decisions == null) {
      throw new AssertionError(this + " isn't active");
    }
    return decisions;
  }

  void begin() {
    decisions = new RunsDecisions<>(this, WORDS);
    world.tell(this, "begins");
    after(world.some(200), this::tick);
    after(world.slow(), this::claim);
  }

  private void claim() {
    epoch = world.disk().claim();
    world.mayFail(this);
    after(world.slow(), this::list);
  }

  private void list() {
    Map<String, RunsDisk.Name> counting = world.disk().counting(epoch);
    Map<String, DrainOrder> draining = world.disk().drains();
    world.mayFail(this);
    after(world.slow(), () -> seal(counting, draining));
  }

  private void seal(Map<String, RunsDisk.Name> counting, Map<String, DrainOrder> draining) {
    world.disk().seal(epoch, counting);
    world.disk().writeDrains(new RunsDisk.Name(epoch, 0), draining);
    world.mayFail(this);
    after(
        world.slow(),
        () -> {
          Map<String, ClusterDirectory.Known> known = new TreeMap<>();
          counting.forEach(
              (run, name) -> {
                RunsDisk.Word word = world.disk().read(run, name);
                known.put(
                    run,
                    new ClusterDirectory.Known(world.specification(word.share()), word.control()));
                stamps.put(run, word.stamp());
                terms.put(run, epoch * TERMS_IN_EPOCH);
              });
          open(known, draining);
        });
  }

  private void open(Map<String, ClusterDirectory.Known> known, Map<String, DrainOrder> draining) {
    world.tell(this, "opens epoch", epoch, stamps);
    world.note(RunsHappening.TAKEOVER);
    opened = true;
    if (isNewest()) {
      world.promises().opened(epoch, stamps);
      world.promises().openedDrains(epoch, draining.keySet());
    }
    decisions().opened(known, draining);
    List<Runnable> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(Runnable::run);
  }

  private void tick() {
    decisions().tick();
    if (opened && ++ticks % TICKS_TO_SIGN == 0) {
      work(world.disk().isOvertaken(epoch) ? this::onSignOvertaken : this::workDone);
      decisions().writeAgain();
    }
    after(500, this::tick);
  }

  private void onSignOvertaken() {
    workDone();
    decisions().overtaken(Optional.empty());
  }

  // What comes from others.

  void found(NodeMachine.Ref node) {
    if (decisions != null && node.node().life() == node.life()) {
      decisions.found(node);
    }
  }

  void present(NodeMachine.Ref node, Placement.Node offer, Map<String, Integer> held) {
    if (decisions != null && !world.isGone(node)) {
      present.add(node);
      decisions.present(node, offer, held);
    }
  }

  void lost(NodeMachine.Ref node) {
    if (decisions != null && world.flaw() != RunsFlaw.LOST_NODE_KEPT) {
      present.remove(node);
      decisions.lost(node);
      List.copyOf(made.values()).forEach(run -> run.lost(node));
    }
  }

  void reported(String run, long term, NodeMachine.Ref node, int rollouts, boolean learner) {
    RunOfHead its = made.get(run);
    if (its != null && its.term() == term) {
      its.reported(node, rollouts, learner);
    }
  }

  /** Empties a node behind the back of whoever decides. */
  void drainSecretly(String name) {
    present.stream()
        .filter(it -> it.node().name.equals(name))
        .findFirst()
        .ifPresent(it -> drain(it, false));
  }

  /** Somebody wants something; it waits until the directory is open. */
  void asked(Consumer<RunsDecisions<NodeMachine.Ref, Long>> what) {
    if (decisions == null) {
      return;
    }
    if (opened) {
      what.accept(decisions);
    } else {
      early.add(() -> what.accept(decisions()));
    }
  }

  /** What runs have. */
  Collection<List<Allotment<NodeMachine.Ref>>> places() {
    return places.values();
  }

  boolean isMade(RunOfHead run) {
    return run.equals(made.get(run.run()));
  }

  /** Actors of runs here. */
  Collection<RunOfHead> made() {
    return made.values();
  }

  void endOf(String run, Control.Outcome outcome) {
    decisions().end(run, outcome, "");
  }

  // The hands.

  @Override
  public void create(Submission submission, Control control, Long asking) {
    String run = submission.name();
    RunsDisk.Name stamp = new RunsDisk.Name(epoch, ++decided);
    promised.put(asking, stamp);
    write(
        run,
        new RunsDisk.Word(control, world.share(run), stamp),
        () -> {
          terms.merge(run, epoch * TERMS_IN_EPOCH, (before, _) -> before + 1);
          stamps.put(run, stamp);
          decisions().created(submission, control, asking);
        },
        () -> decisions().notCreated(run, asking, "the disk is full"),
        () -> decisions().overtaken(Optional.of(asking)));
  }

  @Override
  public void write(String run, Control control, Optional<Reply<Long>> reply) {
    decides = true;
    RunsDisk.Name stamp = new RunsDisk.Name(epoch, ++decided);
    stamps.put(run, stamp);
    if (world.flaw() == RunsFlaw.END_NOT_WRITTEN && control.isOver()) {
      world.promises().over(run, stamp);
      decisions().written(reply);
      return;
    }
    reply.ifPresent(it -> promised.put(it.asking(), stamp));
    boolean early = world.flaw() == RunsFlaw.ANSWERED_BEFORE_WRITTEN;
    if (early) {
      decisions().written(reply);
    }
    Optional<Reply<Long>> later = early ? Optional.empty() : reply;
    RunsDisk.Word word = new RunsDisk.Word(control, world.share(run), stamp);
    write(
        run,
        word,
        () -> {
          if (control.isOver()) {
            world.promises().over(run, stamp);
          }
          decisions().written(later);
        },
        () -> {
          decisions().notWritten(run, later, "the disk is full");
          if (world.flaw() == RunsFlaw.TRIED_AGAIN_BLINDLY) {
            after(world.some(10_000), () -> tryAgain(run, word));
          }
        },
        () -> decisions().overtaken(later.map(Reply::asking)));
  }

  private void tryAgain(String run, RunsDisk.Word word) {
    write(run, word, () -> {}, () -> after(3_000, () -> tryAgain(run, word)), () -> {});
  }

  private void write(
      String run, RunsDisk.Word word, Runnable done, Runnable full, Runnable overtaken) {
    write(
        () -> {
          world.disk().write(run, new RunsDisk.Name(epoch, ++written), word);
          world.tell(this, "writes of", run, word);
        },
        done,
        full,
        overtaken);
  }

  @Override
  public void writeDrains(Map<String, DrainOrder> orders, Optional<Reply<Long>> reply) {
    reply.ifPresent(it -> promisedDrains.put(it.asking(), orders.keySet()));
    if (world.flaw() == RunsFlaw.DRAIN_NOT_WRITTEN) {
      decisions().drainsWritten(reply);
      return;
    }
    write(
        () -> world.disk().writeDrains(new RunsDisk.Name(epoch, ++written), orders),
        () -> decisions().drainsWritten(reply),
        () -> decisions().drainsNotWritten(reply, "the disk is full"),
        () -> decisions().overtaken(reply.map(Reply::asking)));
  }

  @Override
  public String life(NodeMachine.Ref node) {
    return node.toString();
  }

  /** As {@link ClusterDirectory#write} does it, with time in between. */
  private void write(Runnable put, Runnable done, Runnable full, Runnable overtaken) {
    work(
        () -> {
          if (world.disk().isOvertaken(epoch)) {
            workDone();
            overtaken.run();
            return;
          }
          world.mayFail(this);
          after(
              world.slow(),
              () -> {
                if (world.disk().isFull()) {
                  world.note(RunsHappening.DISK_REFUSED);
                  workDone();
                  full.run();
                  return;
                }
                if (world.disk().isOvertaken(epoch)) {
                  world.note(RunsHappening.WRITTEN_BEHIND_A_TAKEOVER);
                }
                put.run();
                world.mayFail(this);
                after(world.slow(), () -> look(done, overtaken));
              });
        });
  }

  private void look(Runnable done, Runnable overtaken) {
    workDone();
    if (world.disk().isOvertaken(epoch) && world.flaw() != RunsFlaw.NO_LOOK_AFTER_WRITE) {
      world.note(RunsHappening.OVERTAKEN_WHILE_WRITING);
      overtaken.run();
    } else {
      done.run();
    }
  }

  /** One thing after the other. */
  private void work(Runnable job) {
    io.add(job);
    if (!ioWorks) {
      ioWorks = true;
      next();
    }
  }

  private void workDone() {
    ioWorks = false;
    if (!io.isEmpty()) {
      ioWorks = true;
      next();
    }
  }

  private void next() {
    after(
        world.slow(),
        () -> {
          Runnable job = io.poll();
          if (job == null) {
            ioWorks = false;
          } else {
            job.run();
          }
        });
  }

  @Override
  public void begin(String run) {
    decides = true;
    if (isNewest()) {
      world.promises().begins(run, stamp(run));
    }
    after(
        world.slow() + world.some(2_000),
        () -> {
          if (decisions().begun(run)) {
            long term = terms.merge(run, 1L, Long::sum);
            made.put(run, new RunOfHead(this, run, term, placesOf(run)));
            decisions().made(run);
          }
        });
  }

  private List<Allotment<NodeMachine.Ref>> placesOf(String run) {
    return places.getOrDefault(run, List.of());
  }

  private RunsDisk.Name stamp(String run) {
    return stamps.getOrDefault(run, new RunsDisk.Name(0, 0));
  }

  @Override
  public void want(String run, Control.Wanted wanted) {
    decides = true;
    RunOfHead its = made.get(run);
    if (its != null) {
      its.want(wanted);
    }
  }

  @Override
  public void place(String run, List<Allotment<NodeMachine.Ref>> allotments) {
    decides = true;
    world.tell(this, "places", run, allotments);
    for (Allotment<NodeMachine.Ref> it : allotments) {
      boolean something = it.rollouts() > 0 || it.rewards() || it.learner();
      world.check(
          !something || !drained.contains(it.ref()), "%s is drained and gets %s", it.ref(), it);
    }
    places.put(run, allotments);
    RunOfHead its = made.get(run);
    if (its != null) {
      its.set(allotments);
    }
  }

  @Override
  public void end(String run) {
    decides = true;
    made.remove(run);
    places.remove(run);
    present.forEach(node -> dismiss(node, run));
  }

  @Override
  public void dismiss(NodeMachine.Ref node, String run) {
    if (node.node().runs().contains(run)) {
      world.note(RunsHappening.LEFTOVER_DISMISSED);
    }
    long term = terms.getOrDefault(run, epoch * TERMS_IN_EPOCH);
    send(node.node(), node.life(), run, () -> node.node().dismiss(run, term));
  }

  @Override
  public void ask(NodeMachine.Ref node) {
    int life = life();
    send(node.node(), node.life(), "asks", () -> node.node().whatDoYouOffer(this, life));
  }

  @Override
  public void drain(NodeMachine.Ref node, boolean now) {
    decides = true;
    drained.add(node);
    send(node.node(), node.life(), "drains", () -> node.node().drain());
  }

  @Override
  public void answer(Long asking, Answer answer) {
    RunsDisk.Name stamp = promised.remove(asking);
    Set<String> leaving = promisedDrains.remove(asking);
    if (answer instanceof Answer.Done && leaving != null) {
      world.promises().answeredDrains(leaving);
    }
    if (answer instanceof Answer.Done && stamp != null) {
      world.promises().answered(asking, stamp);
    }
    send(world.people(), world.people().life(), answer, () -> world.people().hear(asking, answer));
  }

  @Override
  public boolean stays() {
    return !world.isRemoved(this);
  }

  @Override
  public void leave() {
    after(world.some(2_000), this::crash);
  }

  /** What a run's actor says to a node. */
  void enlist(NodeMachine.Ref node, NodeMachine.Enlist enlist) {
    send(node.node(), node.life(), enlist, () -> node.node().enlist(enlist));
  }

  void dismissAs(NodeMachine.Ref node, String run, long term) {
    send(node.node(), node.life(), run, () -> node.node().dismiss(run, term));
  }
}
