package dev.troupe.actors.runs;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Place;
import dev.troupe.actors.run.Production;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.run.RunSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.jspecify.annotations.Nullable;

/**
 * One a cluster, on the active head: knows the nodes and the runs, decides which node does what
 * ({@link Placement}), and has a {@link RunActor} for each run that has begun.
 *
 * <p>When its head is lost it begins on another one from the cluster's directory: the runs begin
 * again there from their own directories, and find the nodes at their work.
 */
public final class RunsActor extends ThinActor<RunsActor.Command> {

  /** What it is told. */
  public sealed interface Command {}

  /** A node tells what it offers and which learners it has. */
  public record NodePresent(
      NodeOffer offer, ActorRef<NodeActor.Command> node, List<String> learners, boolean draining)
      implements Command, Wire {
    public NodePresent {
      learners = List.copyOf(learners);
    }
  }

  /** The end of a node's log. */
  public record LogLines(long request, String text) implements Command, Wire {}

  /** Where is the active head's HTTP server? */
  public record WhereIsTheApi(ActorRef<ApiIsHere> to) implements Command, Wire {}

  /** Here. */
  public record ApiIsHere(HostPort api) implements Wire {}

  /** Make this run. */
  public record Submit(Submission submission, ActorRef<Answer> to) implements Command, Local {}

  /** How is everything? */
  public record GetView(ActorRef<ClusterView> to) implements Command, Local {}

  /** What somebody wants of a run that is there. */
  public enum Want {
    PAUSE,
    GO_ON,
    STOP
  }

  /** Do that with a run. */
  public record ToRun(String run, Want want, ActorRef<Answer> to) implements Command, Local {}

  /** Empty a node. */
  public record Drain(String node, boolean now, ActorRef<Answer> to) implements Command, Local {}

  /** Show a node's log. */
  public record GetLog(String node, int lines, ActorRef<Answer> to) implements Command, Local {}

  record Opened(ClusterDirectory directory, Map<String, ClusterDirectory.Known> runs)
      implements Command, Local {}

  record Created(Submission submission, Control control, ActorRef<Answer> to)
      implements Command, Local {}

  record NotCreated(String run, ActorRef<Answer> to, Throwable cause) implements Command, Local {}

  record Produced(String run, Production production, RunListeners.Follower follower)
      implements Command, Local {}

  record NotProduced(String run, Throwable cause) implements Command, Local {}

  record StatusOf(String run, RunStatus status) implements Command, Local {}

  record ActorsOf(String run, List<ActorProgress> actors) implements Command, Local {}

  record EndOf(String run, Optional<RunSummary> summary, String words) implements Command, Local {}

  record Found(Set<ActorRef<NodeActor.Command>> nodes) implements Command, Local {}

  record Failed(Throwable cause) implements Command, Local {}

  record Written() implements Command, Local {}

  record NotWritten(String run, Throwable cause) implements Command, Local {}

  record Overtaken() implements Command, Local {}

  record Tick() implements Command, Local {}

  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
  private static final Duration RESTART_AFTER_MAX = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofMillis(500);

  /** So long a new head waits for nodes that are there to say what they have. */
  private static final int TICKS_TO_SETTLE = 6;

  private static final int TICKS_TO_SIGN = (int) LifeSign.EVERY.dividedBy(TICK);

  private static final long TERMS_IN_EPOCH = 1L << 32;

  private final RunsSurroundings with;
  private final EngineThread io;
  private final Map<String, RunEntry> runs = new TreeMap<>();
  private final Map<String, KnownNode> nodes = new TreeMap<>();
  private final Set<ActorRef<NodeActor.Command>> found = new HashSet<>();
  private final Map<Long, ActorRef<Answer>> logsAsked = new HashMap<>();
  private final List<Command> early = new ArrayList<>();
  private final Set<String> creating = new HashSet<>();
  private @Nullable ClusterDirectory directory;
  private long nextOrder = 1;
  private long nextLog = 1;
  private int ticks;
  private boolean overtaken;

  private RunsActor(ActorContext<Command> context, RunsSurroundings with) {
    super(context);
    this.with = with;
    this.io = new EngineThread(with.threads(), with.nanos());
    context.pipeToSelf(
        io.submit(
            () -> {
              ClusterDirectory opened = ClusterDirectory.open(with.home(), with.owner());
              return new Opened(opened, opened.takeOver());
            }),
        (opened, failure) -> failure == null ? opened : new Failed(failure));
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class,
            listing -> new Found(listing.getServiceInstances(NodeActor.KEY)));
    context.getSystem().receptionist().tell(Receptionist.subscribe(NodeActor.KEY, listings));
  }

  /** One that fails, for example because the disk is full, begins anew as after a takeover. */
  public static Behavior<Command> create(RunsSurroundings with) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerAtFixedRate(new Tick(), TICK);
                      return new RunsActor(context, with);
                    }));
    return Behaviors.supervise(behavior)
        .onFailure(SupervisorStrategy.restartWithBackoff(RESTART_AFTER, RESTART_AFTER_MAX, 0.2));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case NodePresent(var offer, var node, var learners, var draining) ->
          onNodePresent(new KnownNode(offer, node, learners, draining));
      case Found(var present) -> onFound(present);
      case LogLines(var request, var text) -> {
        ActorRef<Answer> asked = logsAsked.remove(request);
        if (asked != null) {
          asked.tell(new Answer.Done(text));
        }
      }
      case WhereIsTheApi(var to) -> to.tell(new ApiIsHere(with.api()));
      case Opened(var opened, var known) -> onOpened(opened, known);
      case Failed(var cause) ->
          throw new IllegalStateException("the cluster's directory: " + cause, cause);
      case Submit _, ToRun _ when directory == null -> early.add(command);
      case Submit(var submission, var to) -> onSubmit(submission, to);
      case Created(var submission, var control, var to) -> onCreated(submission, control, to);
      case NotCreated(var run, var to, var cause) -> {
        creating.remove(run);
        to.tell(new Answer.Refused(String.valueOf(cause.getMessage())));
      }
      case Produced(var run, var production, var follower) -> onProduced(run, production, follower);
      case NotProduced(var run, var cause) ->
          end(run, Control.Outcome.FAILED, String.valueOf(cause.getMessage()), Optional.empty());
      case StatusOf(var run, var status) -> {
        RunEntry entry = runs.get(run);
        if (entry != null) {
          entry.status = status;
        }
      }
      case ActorsOf(var run, var actors) -> {
        RunEntry entry = runs.get(run);
        if (entry != null) {
          entry.actors = actors;
        }
      }
      case EndOf(var run, var summary, var words) -> onEnd(run, summary, words);
      case GetView(var to) -> to.tell(view());
      case ToRun(var run, var want, var to) -> to.tell(onWant(run, want));
      case Drain(var node, var now, var to) -> to.tell(onDrain(node, now));
      case GetLog(var node, var lines, var to) -> onGetLog(node, lines, to);
      case Written _ -> {}
      case NotWritten(var run, var cause) -> {
        context().getLog().warn("what is wanted of run [{}] is not on the disk yet", run, cause);
        Optional.ofNullable(runs.get(run)).ifPresent(entry -> entry.controlUnwritten = true);
      }
      case Overtaken _ -> onOvertaken();
      case Tick _ -> onTick();
    }
    return this;
  }

  private void onOpened(ClusterDirectory opened, Map<String, ClusterDirectory.Known> known) {
    directory = opened;
    known.forEach(
        (name, run) -> {
          runs.put(name, entry(name, run.specification(), run.control()));
          nextOrder = Math.max(nextOrder, run.control().order() + 1);
        });
    context()
        .getLog()
        .info(
            "the active head is [{}], epoch [{}], runs {}",
            with.name(),
            opened.epoch(),
            runs.values().stream().map(run -> run.name + " " + run.state()).toList());
    with.active().accept(Optional.of(context().getSelf()));
    List<Command> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::onMessage);
  }

  private RunEntry entry(String name, RunSpecification specification, Control control) {
    return new RunEntry(name, specification, control, open().epoch() * TERMS_IN_EPOCH);
  }

  private ClusterDirectory open() {
    if (directory == null) {
      throw new IllegalStateException("the cluster's directory isn't open yet");
    }
    return directory;
  }

  // Nodes.

  private void onFound(Set<ActorRef<NodeActor.Command>> present) {
    for (ActorRef<NodeActor.Command> node : present) {
      if (found.add(node)) {
        context().watch(node);
        node.tell(new NodeActor.WhatDoYouOffer(context().getSelf()));
      }
    }
  }

  private void onNodePresent(KnownNode node) {
    if (found.add(node.ref())) {
      context().watch(node.ref());
    }
    KnownNode before = nodes.put(node.offer().name(), node);
    if (!node.equals(before)) {
      place();
    }
  }

  private Answer onDrain(String name, boolean now) {
    KnownNode node = nodes.get(name);
    if (node == null) {
      return new Answer.Refused(
          "there is no node [" + name + "]; there are " + List.copyOf(nodes.keySet()));
    }
    node.ref().tell(new NodeActor.Drain(now));
    nodes.put(name, new KnownNode(node.offer(), node.ref(), node.learners(), true));
    place();
    return new Answer.Done(
        "node ["
            + name
            + (now
                ? "] gives its leases back and leaves"
                : "] finishes what it holds, takes no more, and leaves"));
  }

  private void onGetLog(String name, int lines, ActorRef<Answer> to) {
    KnownNode node = nodes.get(name);
    if (node == null) {
      to.tell(
          new Answer.Refused(
              "there is no node [" + name + "]; there are " + List.copyOf(nodes.keySet())));
    } else {
      long request = nextLog++;
      logsAsked.put(request, to);
      node.ref().tell(new NodeActor.GetLog(request, lines, context().getSelf()));
    }
  }

  // Runs.

  private void onSubmit(Submission submission, ActorRef<Answer> to) {
    String name = submission.name();
    RunEntry known = runs.get(name);
    Optional<String> refused = refused(submission, known);
    if (refused.isPresent()) {
      to.tell(new Answer.Refused(refused.get()));
      return;
    }
    creating.add(name);
    ClusterDirectory open = open();
    Control control = new Control(nextOrder++, Control.Wanted.RUN, Control.Outcome.NONE, "");
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  open.create(submission);
                  open.write(name, control);
                  return new Created(submission, control, to);
                }),
            (created, failure) -> failure == null ? created : new NotCreated(name, to, failure));
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
    return known.control.isOver()
        ? Optional.empty()
        : Optional.of("run [" + name + "] is " + known.state() + " already");
  }

  private void onCreated(Submission submission, Control control, ActorRef<Answer> to) {
    creating.remove(submission.name());
    RunEntry entry = entry(submission.name(), submission.specification(), control);
    RunEntry before = runs.put(submission.name(), entry);
    if (before != null) {
      entry.terms.set(before.terms.get() + 1);
    }
    place();
    String waits = entry.isActive() ? "" : "; it waits for " + entry.plan.waitsFor();
    to.tell(new Answer.Done("run [" + submission.name() + "] is submitted" + waits));
  }

  private Answer onWant(String name, Want want) {
    RunEntry entry = runs.get(name);
    if (entry == null) {
      return new Answer.Refused(
          "there is no run [" + name + "]; there are " + List.copyOf(runs.keySet()));
    }
    if (entry.control.isOver()) {
      return new Answer.Refused("run [" + name + "] is over: " + entry.control.words());
    }
    return switch (want) {
      case PAUSE -> {
        control(entry, entry.control.with(Control.Wanted.PAUSE));
        entry.toActor(new RunActor.Pause());
        yield new Answer.Done("run [" + name + "] begins nothing new until it goes on");
      }
      case GO_ON -> {
        control(entry, entry.control.with(Control.Wanted.RUN));
        entry.toActor(new RunActor.GoOn());
        place();
        yield new Answer.Done("run [" + name + "] goes on");
      }
      case STOP -> {
        stop(entry);
        yield new Answer.Done(
            "run [" + name + "] finishes what is under way, makes a checkpoint and ends");
      }
    };
  }

  private void stop(RunEntry entry) {
    control(entry, entry.control.with(Control.Wanted.STOP));
    if (entry.isActive()) {
      entry.toActor(new RunActor.Drain());
    } else {
      end(entry.name, Control.Outcome.STOPPED, "stopped before it began", Optional.empty());
    }
  }

  /** What holds from now on; where it can't be written (a full disk) it is tried again. */
  private void control(RunEntry entry, Control next) {
    entry.control = next;
    entry.controlUnwritten = false;
    ClusterDirectory open = open();
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  // Who was overtaken fails its runs, and that must not look like their end.
                  if (open.isOvertaken()) {
                    return new Overtaken();
                  }
                  open.write(entry.name, next);
                  return new Written();
                }),
            (written, failure) -> failure == null ? written : new NotWritten(entry.name, failure));
  }

  private void onTick() {
    ticks++;
    found.forEach(node -> node.tell(new NodeActor.WhatDoYouOffer(context().getSelf())));
    if (ticks <= TICKS_TO_SETTLE) {
      place();
    }
    if (directory != null && ticks % TICKS_TO_SIGN == 0) {
      leaveSign(directory);
      runs.values().stream()
          // What is being written of one that is resumed must stay the last word.
          .filter(run -> run.controlUnwritten && !creating.contains(run.name))
          .forEach(run -> control(run, run.control));
    }
  }

  private void leaveSign(ClusterDirectory open) {
    long beat = ticks;
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  if (open.isOvertaken()) {
                    return new Overtaken();
                  }
                  open.leaveSign(with.name(), with.address(), beat);
                  return new Written();
                }),
            (done, failure) -> {
              if (failure != null) {
                context()
                    .getLog()
                    .warn("no sign of life could be left in [{}]", with.home(), failure);
                return new Written();
              }
              return done;
            });
  }

  /**
   * Another head works on this directory in a cluster that doesn't know this one; its word counts.
   * This node leaves, so that a supervisor brings it back into that cluster.
   */
  private void onOvertaken() {
    if (overtaken) {
      return;
    }
    overtaken = true;
    context()
        .getLog()
        .error(
            "another head has taken over the cluster's directory [{}] without being in this"
                + " cluster: this node ends",
            with.home());
    Cluster cluster = Cluster.get(context().getSystem());
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  /**
   * Whether this node is a member that stays. One that leaves no longer hears of the others, and
   * must not take that for their loss.
   */
  private boolean stays() {
    MemberStatus status = Cluster.get(context().getSystem()).selfMember().status();
    return status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
  }

  /** Who does what; what changed is told to the runs. */
  private void place() {
    boolean settled =
        ticks >= TICKS_TO_SETTLE || (!found.isEmpty() && nodes.size() == found.size() && ticks > 1);
    if (directory == null || !settled || !stays()) {
      return;
    }
    List<RunEntry> wanted =
        runs.values().stream()
            .filter(RunEntry::isWanted)
            .sorted(Comparator.comparingLong(run -> run.control.order()))
            .toList();
    Map<String, Placement.Plan> plans =
        Placement.of(
            nodes.values().stream().map(KnownNode::forPlacement).toList(),
            wanted.stream()
                .map(
                    run ->
                        new Placement.Wish(
                            run.name, run.specification.runtime().share(), run.isActive()))
                .toList(),
            wanted.stream().collect(Collectors.toMap(run -> run.name, run -> run.plan)));
    for (RunEntry run : wanted) {
      run.plan = plans.getOrDefault(run.name, Placement.Plan.NOTHING);
      List<Place> places = places(run.plan);
      boolean changed = !places.equals(run.places.getAndSet(places));
      if (changed) {
        run.toActor(new RunActor.Nodes(places));
      }
      boolean hosted = nodes.values().stream().anyMatch(node -> node.learners().contains(run.name));
      if (!run.isActive() && (run.plan.learner().isPresent() || hosted)) {
        begin(run);
      }
    }
  }

  private List<Place> places(Placement.Plan plan) {
    List<Place> places = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          boolean learner = plan.learner().filter(name::equals).isPresent();
          int rollouts = plan.rollouts().getOrDefault(name, 0);
          boolean rewards = plan.rewards().contains(name);
          if (learner || rollouts > 0 || rewards) {
            places.add(new Place(name, node.ref(), rollouts, rewards, learner));
          }
        });
    return places;
  }

  private void begin(RunEntry run) {
    run.starting = true;
    ClusterDirectory open = open();
    ActorRef<Command> self = context().getSelf();
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  RunDirectory runDirectory = open.directory(run.name);
                  boolean resumed = runDirectory.holdsRun();
                  RunListeners.Follower follower =
                      with.listeners().follow(run.specification, runDirectory, resumed);
                  TroupeOptions options =
                      TroupeOptions.of(follower, with.clock(), with.nanos(), with.threads())
                          .withCrashHook(with.crashHook());
                  Production production =
                      Production.of(
                          run.name,
                          run.specification,
                          runDirectory,
                          options,
                          with.owner(),
                          run.terms,
                          open.leaveToken(run.name),
                          run.places::get,
                          new Ears(run.name, self));
                  return new Produced(run.name, production, follower);
                }),
            (produced, failure) -> failure == null ? produced : new NotProduced(run.name, failure));
  }

  /** Hears the run, on its actors' threads. */
  private record Ears(String run, ActorRef<Command> runs) implements Production.Ended {
    @Override
    public void status(RunStatus status) {
      runs.tell(new StatusOf(run, status));
    }

    @Override
    public void actors(List<ActorProgress> actors) {
      runs.tell(new ActorsOf(run, actors));
    }

    @Override
    public void done(RunSummary summary) {
      runs.tell(new EndOf(run, Optional.of(summary), summary.ended()));
    }

    @Override
    public void failed(RunFailedException cause) {
      runs.tell(new EndOf(run, Optional.empty(), String.valueOf(cause.getMessage())));
    }
  }

  private void onProduced(String name, Production production, RunListeners.Follower follower) {
    RunEntry run = runs.get(name);
    if (run == null || run.control.isOver()) {
      follower.close();
      return;
    }
    ActorRef<RunActor.Command> actor =
        context().spawn(RunActor.create(production), name + "-" + run.terms.get());
    context().watch(actor);
    run.actor = Optional.of(actor);
    run.follower = Optional.of(follower);
    run.starting = false;
    switch (run.control.wanted()) {
      case RUN -> {}
      case PAUSE -> actor.tell(new RunActor.Pause());
      case STOP -> actor.tell(new RunActor.Drain());
    }
    place();
  }

  private void onEnd(String name, Optional<RunSummary> summary, String words) {
    Control.Outcome outcome =
        summary
            .map(s -> s.resumable() ? Control.Outcome.STOPPED : Control.Outcome.DONE)
            .orElse(Control.Outcome.FAILED);
    end(name, outcome, words, summary);
  }

  private void end(
      String name, Control.Outcome outcome, String words, Optional<RunSummary> summary) {
    RunEntry run = runs.get(name);
    if (run == null || run.control.isOver()) {
      return;
    }
    control(run, run.control.ended(outcome, words));
    run.starting = false;
    run.actor.ifPresent(
        actor -> {
          context().unwatch(actor);
          context().stop(actor);
        });
    run.actor = Optional.empty();
    for (KnownNode node : nodes.values()) {
      node.ref().tell(new NodeActor.Dismiss(name, run.terms.get()));
    }
    run.plan = Placement.Plan.NOTHING;
    run.places.set(List.of());
    run.actors = List.of();
    run.follower.ifPresent(
        follower -> {
          summary.ifPresent(follower::ended);
          follower.close();
        });
    run.follower = Optional.empty();
    place();
  }

  private ClusterView view() {
    Set<Address> unreachable = new HashSet<>();
    for (Member member : Cluster.get(context().getSystem()).state().getUnreachable()) {
      unreachable.add(member.address());
    }
    List<ClusterView.Node> shown = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          Map<String, Integer> allotted = new TreeMap<>();
          for (RunEntry run : runs.values()) {
            Integer slots = run.plan.rollouts().get(name);
            if (slots != null) {
              allotted.put(run.name, slots);
            }
          }
          shown.add(node.view(allotted, unreachable.contains(node.ref().path().address())));
        });
    return new ClusterView(
        with.name(),
        shown,
        runs.values().stream()
            .sorted(Comparator.comparingLong(run -> run.control.order()))
            .map(RunEntry::view)
            .toList());
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      onTerminated(ended);
    } else if (signal instanceof PostStop || signal instanceof PreRestart) {
      with.active().accept(Optional.empty());
      runs.values().forEach(run -> run.follower.ifPresent(RunListeners.Follower::close));
      io.close();
    }
    return this;
  }

  private void onTerminated(Terminated ended) {
    for (RunEntry run : runs.values()) {
      if (run.actor.filter(actor -> actor.path().equals(ended.getRef().path())).isPresent()) {
        String cause =
            ended instanceof ChildFailed failed ? String.valueOf(failed.getCause()) : "it stopped";
        end(run.name, Control.Outcome.FAILED, "failed again and again: " + cause, Optional.empty());
        return;
      }
    }
    ActorRef<?> lost = ended.getRef();
    found.removeIf(node -> node.equals(lost));
    nodes.values().removeIf(node -> node.ref().equals(lost));
    place();
  }
}
