package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.protocol.run.RunSpecification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the active head knows of runs and nodes, and what it decides about them; {@link Hands} carry
 * it out. It has no actor, no clock and no disk in it.
 *
 * <ul>
 *   <li>What somebody wants is answered once it is on the disk and no newer head had claimed the
 *       directory by then: whoever takes over knows it.
 *   <li>A run that is over begins again only when it is submitted to go on.
 *   <li>What nodes have goes on where it is over a takeover. What a node has of a run that is over,
 *       or of one that waits while others use the node, is dismissed.
 *   <li>Nothing is placed before nodes had time to say what they have, nor by a head that leaves.
 * </ul>
 *
 * @param <N> reaches a node
 * @param <A> hears an answer
 */
final class RunsDecisions<N, A> {
  /** So long a new head waits for nodes that are there to say what they have. */
  private static final int TICKS_TO_SETTLE = 6;

  /** After this, a node that an earlier head knew and nobody has seen since is gone. */
  private static final int TICKS_TO_FORGET = 1_200;

  /**
   * A node that told what it has.
   *
   * @param held rollout actors by run
   */
  private record Present<N>(Placement.Node node, N ref, Map<String, Integer> held) {
    Present<N> drained() {
      return new Present<>(node.drained(), ref, held);
    }
  }

  private final Hands<N, A> hands;
  private final Shortage.Words words;
  private final TreeMap<String, RunEntry> runs = new TreeMap<>();
  private final TreeMap<String, Present<N>> nodes = new TreeMap<>();
  private final Set<N> found = new LinkedHashSet<>();

  private final Drains<N, A> drains;

  /** Who asked for nodes that had no time yet to say that they are there. */
  private final List<Runnable> unsettled = new ArrayList<>();

  private final Set<String> creating = new HashSet<>();
  private final Map<String, List<Allotment<N>>> placed = new HashMap<>();
  private long nextOrder = 1;
  private int ticks;
  private boolean opened;
  private boolean mustPlace;
  private boolean overtaken;

  RunsDecisions(Hands<N, A> hands, Shortage.Words words) {
    this.hands = hands;
    this.words = words;
    this.drains = new Drains<>(hands, found);
  }

  /** The directory is this head's; these runs are in it, and these nodes are to leave. */
  void opened(Map<String, ClusterDirectory.Known> known, Map<String, DrainOrder> draining) {
    opened = true;
    drains.opened(draining);
    nodes.replaceAll((_, node) -> drains.contains(node.ref()) ? node.drained() : node);
    known.forEach(
        (name, run) -> {
          runs.put(name, new RunEntry(name, run.specification(), run.control()));
          nextOrder = Math.max(nextOrder, run.control().order() + 1);
        });
    place();
  }

  /** Whether plans are made of all that is known. */
  boolean hasPlaced() {
    return !mustPlace;
  }

  /** What a run is made by. */
  RunSpecification specification(String run) {
    return run(run)
        .orElseThrow(() -> new IllegalStateException("no run [" + run + "]"))
        .specification;
  }

  /** All runs, in the order of their submission. */
  Collection<RunEntry> runs() {
    return runs.values().stream()
        .sorted(Comparator.comparingLong(run -> run.control().order()))
        .toList();
  }

  private Optional<RunEntry> run(String name) {
    return Optional.ofNullable(runs.get(name));
  }

  // Nodes.

  /** All nodes that are there, also those that haven't said yet what they have. */
  Set<N> nodes() {
    return Set.copyOf(found);
  }

  boolean isDraining(String name) {
    Present<N> node = nodes.get(name);
    return node != null && node.node().draining();
  }

  /** There is a node; true if it was not known. */
  boolean found(N node) {
    boolean unknown = found.add(node);
    if (unknown) {
      hands.ask(node);
    }
    return unknown;
  }

  /** A node tells what it has; true if it was not known to be there. */
  boolean present(N ref, Placement.Node node, Map<String, Integer> held) {
    boolean unknown = found.add(ref);
    drains.present(ref, node.draining());
    Present<N> said = new Present<>(node, ref, new TreeMap<>(held));
    Present<N> now = drains.contains(ref) ? said.drained() : said;
    if (!now.equals(nodes.put(node.name(), now))) {
      place();
    } else if (!mustPlace) {
      // It may not have heard it.
      dismiss(now);
    }
    return unknown;
  }

  /** A node is gone. */
  void lost(N ref) {
    found.remove(ref);
    drains.lost(ref);
    nodes.values().removeIf(node -> node.ref().equals(ref));
    place();
  }

  void drain(String name, boolean now, A asking) {
    Present<N> present = nodes.get(name);
    Optional<DrainOrder> before = drains.of(name);
    if (present != null) {
      drains.order(present.ref(), new DrainOrder(name, now), asking);
      nodes.put(name, present.drained());
      place();
    } else if (before.isPresent()) {
      // Asked again, because the first answer was lost: it may have left by now.
      drains.again(before.get(), asking);
    } else if (mustPlace) {
      unsettled.add(() -> drain(name, now, asking));
    } else {
      hands.answer(asking, noNode(name));
    }
  }

  /** The disk has which nodes are to leave, and no newer head had claimed the directory then. */
  void drainsWritten(Optional<Hands.Reply<A>> reply) {
    drains.say();
    written(reply);
  }

  /** The disk doesn't have it. */
  void drainsNotWritten(Optional<Hands.Reply<A>> reply, String cause) {
    drains.notWritten();
    refuse(reply, cause);
  }

  /** Why nothing can be wanted of a run. */
  Answer notActive(String name) {
    RunEntry entry = runs.get(name);
    if (entry == null) {
      return new Answer.Refused(
          "there is no run [" + name + "]; there are " + List.copyOf(runs.keySet()));
    }
    return new Answer.Refused(
        entry.control().isOver()
            ? "run [" + name + "] is over: " + entry.control().words()
            : "run [" + name + "] has not begun yet: " + entry.state());
  }

  Answer noNode(String name) {
    return new Answer.Refused(
        "there is no node [" + name + "]; there are " + List.copyOf(nodes.keySet()));
  }

  /** Time passes: twice a second. */
  void tick() {
    ticks++;
    found.forEach(hands::ask);
    if (ticks <= TICKS_TO_SETTLE || mustPlace) {
      place();
    }
    if (!mustPlace && !unsettled.isEmpty()) {
      List<Runnable> asked = List.copyOf(unsettled);
      unsettled.clear();
      asked.forEach(Runnable::run);
    }
    if (ticks == TICKS_TO_FORGET) {
      drains.forgetUnseen();
    }
  }

  /** What the disk didn't take is written again. */
  void writeAgain() {
    runs.values().stream()
        // What is being written of one that is resumed must stay the last word.
        .filter(run -> run.isUnwritten() && !creating.contains(run.name))
        .forEach(run -> control(run, run.control(), Optional.empty()));
    drains.writeAgain();
  }

  // What people want.

  void submit(Submission submission, A asking) {
    String name = submission.name();
    Optional<String> refused = refused(submission, runs.get(name));
    if (refused.isPresent()) {
      hands.answer(asking, new Answer.Refused(refused.get()));
      return;
    }
    creating.add(name);
    hands.create(
        submission, new Control(nextOrder++, Control.Wanted.RUN, Control.Outcome.NONE, ""), asking);
  }

  private Optional<String> refused(Submission submission, @Nullable RunEntry known) {
    String name = submission.name();
    if (creating.contains(name)) {
      return Optional.of("run [" + name + "] is being submitted already");
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")) {
      return Optional.of(
          "[" + name + "] is no name for a run: letters, digits, '_', '-' and '.' are expected");
    }
    if (known == null) {
      return submission.resume()
          ? Optional.of("there is no run [" + name + "] to go on with")
          : Optional.empty();
    }
    if (!submission.resume()) {
      return Optional.of(
          "there is a run ["
              + name
              + "] already, "
              + known.state()
              + "; choose another name, or resume it");
    }
    return known.control().isOver()
        ? known.nothingLeft(submission.specification().stop())
        : Optional.of("run [" + name + "] is " + known.state() + " already");
  }

  /** What was submitted is on the disk. */
  void created(Submission submission, Control control, A asking) {
    String name = submission.name();
    creating.remove(name);
    RunEntry entry = new RunEntry(name, submission.specification(), control);
    runs.put(name, entry);
    placed.remove(name);
    place();
    String missing = words.of(entry.plan().shortages());
    String waits = missing.isEmpty() ? "" : "; it waits for " + missing;
    hands.answer(asking, new Answer.Done("run [" + name + "] is submitted" + waits));
  }

  void notCreated(String run, A asking, String cause) {
    creating.remove(run);
    hands.answer(asking, new Answer.Refused(cause));
  }

  void want(String name, Control.Wanted wanted, A asking) {
    RunEntry entry = runs.get(name);
    if (entry == null || entry.control().isOver()) {
      hands.answer(asking, notActive(name));
      return;
    }
    Hands.Reply<A> reply =
        new Hands.Reply<>(
            asking,
            "run ["
                + name
                + switch (wanted) {
                  case RUN -> "] goes on";
                  case PAUSE -> "] begins nothing new until it goes on";
                  case STOP -> "] finishes what is under way, makes a checkpoint and ends";
                });
    Control next = entry.control().with(wanted);
    if (wanted == Control.Wanted.STOP && !entry.isActive()) {
      over(entry, next.ended(Control.Outcome.STOPPED, "stopped before it began"), reply);
      return;
    }
    control(entry, next, Optional.of(reply));
    hands.want(name, wanted);
    place();
  }

  /** What holds from now on; where it can't be written (a full disk) it is tried again. */
  private void control(RunEntry entry, Control next, Optional<Hands.Reply<A>> reply) {
    entry.control(next);
    hands.write(entry.name, next, reply);
  }

  /** The disk has it, and no newer head had claimed the directory then. */
  void written(Optional<Hands.Reply<A>> reply) {
    reply.ifPresent(it -> hands.answer(it.asking(), new Answer.Done(it.words())));
  }

  /** The disk doesn't have it. */
  void notWritten(String run, Optional<Hands.Reply<A>> reply, String cause) {
    run(run).ifPresent(RunEntry::failedToWrite);
    refuse(reply, cause);
  }

  private void refuse(Optional<Hands.Reply<A>> reply, String cause) {
    reply.ifPresent(
        it ->
            hands.answer(
                it.asking(),
                new Answer.Refused(
                    it.words()
                        + " as long as this head lives: it could not be written down ("
                        + cause
                        + "); make room on the disk of the cluster's directory, and ask again")));
  }

  /** Another head's word counts; what this one wrote may not. */
  void overtaken(Optional<A> asking) {
    asking.ifPresent(
        it ->
            hands.answer(
                it, new Answer.Refused("another head has taken over meanwhile; ask again")));
    if (!overtaken) {
      overtaken = true;
      hands.leave();
    }
  }

  // The way of a run.

  /** A run's actor can be made; false if nobody wants it any more. */
  boolean begun(String name) {
    RunEntry run = runs.get(name);
    if (run == null || run.control().isOver()) {
      return false;
    }
    run.begun();
    return true;
  }

  /** A run's actor is made, and hears what it is to do. */
  void made(String name) {
    run(name)
        .filter(run -> run.control().wanted() != Control.Wanted.RUN)
        .ifPresent(run -> hands.want(name, run.control().wanted()));
    place();
  }

  /** A run has come to its end; false if that was known. */
  boolean end(String name, Control.Outcome outcome, String words) {
    Optional<RunEntry> run = run(name).filter(RunEntry::isWanted);
    run.ifPresent(it -> over(it, it.control().ended(outcome, words), null));
    return run.isPresent();
  }

  private void over(RunEntry run, Control control, Hands.@Nullable Reply<A> reply) {
    control(run, control, Optional.ofNullable(reply));
    run.ends();
    placed.remove(run.name);
    hands.end(run.name);
    place();
  }

  /** Who does what; what changed is told to the runs. */
  private void place() {
    boolean settled =
        ticks >= TICKS_TO_SETTLE || (!found.isEmpty() && nodes.size() == found.size() && ticks > 1);
    mustPlace = !opened || !settled || !hands.stays();
    if (mustPlace) {
      return;
    }
    List<RunEntry> wanted = runs().stream().filter(RunEntry::isWanted).toList();
    Map<String, Placement.Plan> plans =
        Placement.of(
            nodes.values().stream().map(Present::node).toList(),
            wanted.stream().map(RunEntry::wish).toList(),
            wanted.stream().collect(Collectors.toMap(run -> run.name, this::before)));
    for (RunEntry run : wanted) {
      run.plan(plans.getOrDefault(run.name, Placement.Plan.NOTHING));
      List<Allotment<N>> allotments = allotments(run);
      if (!allotments.equals(placed.put(run.name, allotments))) {
        hands.place(run.name, allotments);
      }
      boolean hosted =
          nodes.values().stream().anyMatch(node -> node.node().learners().contains(run.name));
      if (!run.isActive() && (run.plan().learner().isPresent() || hosted)) {
        run.begins();
        hands.begin(run.name);
        // One whose learner still leaves its node was no candidate for slots yet.
        mustPlace |= run.plan().learner().isEmpty();
      }
    }
    if (mustPlace) {
      place();
    } else {
      nodes.values().forEach(this::dismiss);
    }
  }

  /** What a run has; after a takeover that is what nodes say that they have of it. */
  private Placement.Plan before(RunEntry run) {
    Placement.Plan plan = run.plan();
    if (run.isActive() || !plan.rollouts().isEmpty()) {
      return plan;
    }
    Map<String, Integer> rollouts = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          int held = node.held().getOrDefault(run.name, 0);
          if (held > 0) {
            rollouts.put(name, held);
          }
        });
    return new Placement.Plan(plan.learner(), rollouts, plan.rewards(), plan.shortages());
  }

  /** With nothing to do where it is to leave. */
  private List<Allotment<N>> allotments(RunEntry run) {
    Placement.Plan plan = run.plan();
    List<Allotment<N>> allotments = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          boolean learner = plan.learner().filter(name::equals).isPresent();
          int rollouts = plan.rollouts().getOrDefault(name, 0);
          boolean rewards = plan.rewards().contains(name);
          if (learner || rollouts > 0 || rewards || node.held().containsKey(run.name)) {
            allotments.add(new Allotment<>(name, node.ref(), rollouts, rewards, learner));
          }
        });
    return allotments;
  }

  private void dismiss(Present<N> node) {
    if (node.held().isEmpty()) {
      return;
    }
    boolean used =
        runs.values().stream()
            .anyMatch(run -> run.plan().rollouts().containsKey(node.node().name()));
    for (String name : node.held().keySet()) {
      boolean active = run(name).filter(RunEntry::isActive).isPresent();
      boolean waits = run(name).filter(RunEntry::isWanted).isPresent();
      if (!active && (used || !waits)) {
        hands.dismiss(node.ref(), name);
      }
    }
  }
}
