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
import dev.troupe.actors.run.CrashPoint;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
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
 * One a cluster, on the active head: carries out what {@link RunsDecisions} decides about nodes and
 * runs, and has a {@link RunActor} for each run that has begun.
 *
 * <p>When its head is lost it begins on another one from the cluster's directory: the runs begin
 * again there from their own directories, and find the nodes at their work.
 */
public final class RunsActor extends ThinActor<RunsActor.Command> {

  /** What it is told. */
  public sealed interface Command {}

  /**
   * A node tells what it offers and what it has.
   *
   * @param learners runs whose learner it has
   * @param held rollout actors by run, of all runs that it takes part in
   * @param cannotLearn why it can have no learner although it has the role; empty if it can
   */
  public record NodePresent(
      NodeOffer offer,
      ActorRef<NodeActor.Command> node,
      List<String> learners,
      Map<String, Integer> held,
      boolean draining,
      String cannotLearn)
      implements Command, Wire {
    public NodePresent {
      learners = List.copyOf(learners);
      held = Map.copyOf(held);
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
    PAUSE(Control.Wanted.PAUSE),
    GO_ON(Control.Wanted.RUN),
    STOP(Control.Wanted.STOP);

    private final Control.Wanted control;

    Want(Control.Wanted control) {
      this.control = control;
    }
  }

  /** Do that with a run. */
  public record ToRun(String run, Want want, ActorRef<Answer> to) implements Command, Local {}

  /** Empty a node. */
  public record Drain(String node, boolean now, ActorRef<Answer> to) implements Command, Local {}

  /** Show a node's log. */
  public record GetLog(String node, int lines, ActorRef<Answer> to) implements Command, Local {}

  /** This head leaves: end, so that another one can begin. */
  public record HandOver() implements Command, Local {}

  record Opened(
      ClusterDirectory directory,
      Map<String, ClusterDirectory.Known> runs,
      Map<String, DrainOrder> drains)
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

  record Written(Optional<Hands.Reply<ActorRef<Answer>>> reply) implements Command, Local {}

  record NotWritten(String run, Optional<Hands.Reply<ActorRef<Answer>>> reply, Throwable cause)
      implements Command, Local {}

  record DrainsWritten(Optional<Hands.Reply<ActorRef<Answer>>> reply) implements Command, Local {}

  record DrainsNotWritten(Optional<Hands.Reply<ActorRef<Answer>>> reply, Throwable cause)
      implements Command, Local {}

  record SignLeft() implements Command, Local {}

  record Overtaken(Optional<ActorRef<Answer>> asking) implements Command, Local {}

  record Tick() implements Command, Local {}

  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
  private static final Duration RESTART_AFTER_MAX = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int TICKS_TO_SIGN = (int) LifeSign.EVERY.dividedBy(TICK);
  private static final long TERMS_IN_EPOCH = 1L << 32;

  private final RunsSurroundings with;
  private final EngineThread io;
  private final Shortage.Words words;
  private final RunsDecisions<ActorRef<NodeActor.Command>, ActorRef<Answer>> decisions;
  private final Map<String, MadeRun> made = new TreeMap<>();
  private final Map<String, KnownNode> nodes = new TreeMap<>();
  private final Map<Long, ActorRef<Answer>> logsAsked = new HashMap<>();
  private final List<Command> early = new ArrayList<>();
  private @Nullable ClusterDirectory directory;
  private long nextLog = 1;
  private int ticks;

  private RunsActor(ActorContext<Command> context, RunsSurroundings with) {
    super(context);
    this.with = with;
    this.io = new EngineThread(with.threads(), with.nanos());
    this.words = new Shortage.Words(with.address(), with.home());
    this.decisions = new RunsDecisions<>(new Carrying(), words);
    context.pipeToSelf(
        io.submit(
            () -> {
              ClusterDirectory opened = ClusterDirectory.open(with.home(), with.owner());
              return new Opened(opened, opened.takeOver(), opened.takeOverDrains());
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
      case NodePresent(
              var offer,
              var node,
              var learners,
              var held,
              var draining,
              var cannotLearn) ->
          onNodePresent(new KnownNode(offer, node, learners, held, draining, cannotLearn));
      case Found(var present) -> present.forEach(node -> watch(node, decisions.found(node)));
      case LogLines(var request, var text) -> {
        ActorRef<Answer> asked = logsAsked.remove(request);
        if (asked != null) {
          asked.tell(new Answer.Done(text));
        }
      }
      case WhereIsTheApi(var to) -> to.tell(new ApiIsHere(with.api()));
      case Opened(var opened, var known, var drains) -> onOpened(opened, known, drains);
      case Failed(var cause) ->
          throw new IllegalStateException("the cluster's directory: " + cause, cause);
      case Submit _, ToRun _, Drain _ when directory == null -> early.add(command);
      case Submit(var submission, var to) -> decisions.submit(submission, to);
      case Created(var submission, var control, var to) -> {
        MadeRun before = made.get(submission.name());
        made.put(
            submission.name(), new MadeRun(before == null ? firstTerm() : before.terms.get() + 1));
        decisions.created(submission, control, to);
      }
      case NotCreated(var run, var to, var cause) ->
          decisions.notCreated(run, to, String.valueOf(cause.getMessage()));
      case Produced(var run, var production, var follower) -> onProduced(run, production, follower);
      case NotProduced(var run, var cause) ->
          decisions.end(run, Control.Outcome.FAILED, String.valueOf(cause.getMessage()));
      case StatusOf(var run, var status) -> made(run).status = status;
      case ActorsOf(var run, var actors) -> made(run).actors = actors;
      case EndOf(var run, var summary, var words) -> onEnd(run, summary, words);
      case GetView(var to) -> to.tell(view());
      case ToRun(var run, var want, var to) -> decisions.want(run, want.control, to);
      case Drain(var node, var now, var to) -> decisions.drain(node, now, to);
      case GetLog(var node, var lines, var to) -> onGetLog(node, lines, to);
      case Written(var reply) -> decisions.written(reply);
      case SignLeft _ -> {}
      case NotWritten(var run, var reply, var cause) -> {
        context().getLog().warn("what is wanted of run [{}] is not on the disk yet", run, cause);
        decisions.notWritten(run, reply, String.valueOf(cause.getMessage()));
      }
      case DrainsWritten(var reply) -> decisions.drainsWritten(reply);
      case DrainsNotWritten(var reply, var cause) -> {
        context().getLog().warn("which nodes are to leave is not on the disk yet", cause);
        decisions.drainsNotWritten(reply, String.valueOf(cause.getMessage()));
      }
      case Overtaken(var asking) -> decisions.overtaken(asking);
      case Tick _ -> onTick();
      case HandOver _ -> {
        context().getLog().info("the runs move from [{}] to another head", with.name());
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void onOpened(
      ClusterDirectory opened,
      Map<String, ClusterDirectory.Known> known,
      Map<String, DrainOrder> drains) {
    directory = opened;
    known.keySet().forEach(run -> made.put(run, new MadeRun(firstTerm())));
    decisions.opened(known, drains);
    context()
        .getLog()
        .info(
            "the active head is [{}], epoch [{}], runs {}",
            with.name(),
            opened.epoch(),
            decisions.runs().stream().map(run -> run.name + " " + run.state()).toList());
    with.active().accept(Optional.of(context().getSelf()));
    List<Command> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::onMessage);
  }

  private ClusterDirectory open() {
    if (directory == null) {
      throw new IllegalStateException("the cluster's directory isn't open yet");
    }
    return directory;
  }

  /** Terms of a run's lives here are greater than those under any head before. */
  private long firstTerm() {
    return open().epoch() * TERMS_IN_EPOCH;
  }

  private MadeRun made(String run) {
    return made.computeIfAbsent(run, _ -> new MadeRun(firstTerm()));
  }

  // Nodes.

  private void onNodePresent(KnownNode node) {
    nodes.put(node.offer().name(), node);
    watch(node.ref(), decisions.present(node.ref(), node.forPlacement(), node.held()));
  }

  private void watch(ActorRef<NodeActor.Command> node, boolean unknown) {
    if (unknown) {
      context().watch(node);
    }
  }

  private void onGetLog(String name, int lines, ActorRef<Answer> to) {
    KnownNode node = nodes.get(name);
    if (node == null) {
      to.tell(decisions.noNode(name));
    } else {
      long request = nextLog++;
      logsAsked.put(request, to);
      node.ref().tell(new NodeActor.GetLog(request, lines, context().getSelf()));
    }
  }

  // The directory.

  private void onTick() {
    decisions.tick();
    if (directory != null && ++ticks % TICKS_TO_SIGN == 0) {
      leaveSign(directory);
      decisions.writeAgain();
    }
  }

  private void leaveSign(ClusterDirectory open) {
    long beat = ticks;
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  if (open.isOvertaken()) {
                    return new Overtaken(Optional.empty());
                  }
                  open.leaveSign(with.name(), with.address(), beat);
                  return new SignLeft();
                }),
            (done, failure) -> {
              if (failure != null) {
                context()
                    .getLog()
                    .warn("no sign of life could be left in [{}]", with.home(), failure);
                return new SignLeft();
              }
              return done;
            });
  }

  /** Does what was decided. */
  private final class Carrying implements Hands<ActorRef<NodeActor.Command>, ActorRef<Answer>> {
    @Override
    public void create(Submission submission, Control control, ActorRef<Answer> asking) {
      ClusterDirectory open = open();
      context()
          .pipeToSelf(
              io.submit(
                  () -> {
                    open.create(submission);
                    if (!open.write(submission.name(), control)) {
                      return new Overtaken(Optional.of(asking));
                    }
                    with.crashHook().accept(CrashPoint.ORDER_RECORDED);
                    return new Created(submission, control, asking);
                  }),
              (created, failure) ->
                  failure == null ? created : new NotCreated(submission.name(), asking, failure));
    }

    @Override
    public void write(String run, Control control, Optional<Hands.Reply<ActorRef<Answer>>> reply) {
      ClusterDirectory open = open();
      context()
          .pipeToSelf(
              io.submit(
                  () -> {
                    if (!open.write(run, control)) {
                      return new Overtaken(reply.map(Hands.Reply::asking));
                    }
                    reply.ifPresent(_ -> with.crashHook().accept(CrashPoint.ORDER_RECORDED));
                    return new Written(reply);
                  }),
              (written, failure) ->
                  failure == null ? written : new NotWritten(run, reply, failure));
    }

    @Override
    public void writeDrains(
        Map<String, DrainOrder> orders, Optional<Hands.Reply<ActorRef<Answer>>> reply) {
      ClusterDirectory open = open();
      context()
          .pipeToSelf(
              io.submit(
                  () -> {
                    if (!open.writeDrains(orders)) {
                      return new Overtaken(reply.map(Hands.Reply::asking));
                    }
                    with.crashHook().accept(CrashPoint.DRAIN_RECORDED);
                    return new DrainsWritten(reply);
                  }),
              (written, failure) ->
                  failure == null ? written : new DrainsNotWritten(reply, failure));
    }

    @Override
    public String life(ActorRef<NodeActor.Command> node) {
      return ActorRefResolver.get(context().getSystem()).toSerializationFormat(node);
    }

    @Override
    public void begin(String run) {
      with.crashHook().accept(CrashPoint.RUN_GRANTED);
      produce(run);
    }

    @Override
    public void want(String run, Control.Wanted wanted) {
      RunActor.Command command =
          switch (wanted) {
            case RUN -> new RunActor.GoOn();
            case PAUSE -> new RunActor.Pause();
            case STOP -> new RunActor.Drain();
          };
      made(run).actor.ifPresent(actor -> actor.tell(command));
    }

    @Override
    public void place(String name, List<Allotment<ActorRef<NodeActor.Command>>> allotments) {
      List<Place> places =
          allotments.stream()
              .map(it -> new Place(it.node(), it.ref(), it.rollouts(), it.rewards(), it.learner()))
              .toList();
      MadeRun run = made(name);
      run.places.set(places);
      run.actor.ifPresent(actor -> actor.tell(new RunActor.Nodes(places)));
    }

    @Override
    public void end(String name) {
      MadeRun run = made(name);
      run.actor.ifPresent(
          actor -> {
            context().unwatch(actor);
            context().stop(actor);
          });
      run.actor = Optional.empty();
      for (KnownNode node : nodes.values()) {
        node.ref().tell(new NodeActor.Dismiss(name, run.terms.get()));
      }
      run.places.set(List.of());
      run.actors = List.of();
    }

    @Override
    public void dismiss(ActorRef<NodeActor.Command> node, String run) {
      MadeRun known = made.get(run);
      node.tell(new NodeActor.Dismiss(run, known == null ? firstTerm() : known.terms.get()));
    }

    @Override
    public void ask(ActorRef<NodeActor.Command> node) {
      node.tell(new NodeActor.WhatDoYouOffer(context().getSelf()));
    }

    @Override
    public void drain(ActorRef<NodeActor.Command> node, boolean now) {
      node.tell(new NodeActor.Drain(now));
    }

    @Override
    public void answer(ActorRef<Answer> asking, Answer answer) {
      asking.tell(answer);
    }

    @Override
    public boolean stays() {
      MemberStatus status = Cluster.get(context().getSystem()).selfMember().status();
      return status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
    }

    /** So that a supervisor brings this node back into the cluster of that head. */
    @Override
    public void leave() {
      context()
          .getLog()
          .error(
              "another head has taken over the cluster's directory [{}] without being in this"
                  + " cluster: this node ends",
              with.home());
      Cluster cluster = Cluster.get(context().getSystem());
      cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
  }

  // Runs.

  private void produce(String name) {
    RunSpecification specification = decisions.specification(name);
    MadeRun run = made(name);
    ClusterDirectory open = open();
    ActorRef<Command> self = context().getSelf();
    context()
        .pipeToSelf(
            io.submit(
                () -> {
                  RunDirectory runDirectory = open.directory(name);
                  boolean resumed = runDirectory.holdsRun();
                  RunListeners.Follower follower =
                      with.listeners().follow(specification, runDirectory, resumed);
                  TroupeOptions options =
                      TroupeOptions.of(follower, with.clock(), with.nanos(), with.threads())
                          .withCrashHook(with.crashHook());
                  Production production =
                      Production.of(
                          name,
                          specification,
                          runDirectory,
                          options,
                          with.owner(),
                          run.terms,
                          open.leaveToken(name),
                          run.places::get,
                          new Ears(name, self));
                  return new Produced(name, production, follower);
                }),
            (produced, failure) -> failure == null ? produced : new NotProduced(name, failure));
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
    if (!decisions.begun(name)) {
      follower.close();
      return;
    }
    MadeRun run = made(name);
    ActorRef<RunActor.Command> actor =
        context().spawn(RunActor.create(production), name + "-" + run.terms.get());
    context().watch(actor);
    run.actor = Optional.of(actor);
    run.follower = Optional.of(follower);
    decisions.made(name);
  }

  private void onEnd(String name, Optional<RunSummary> summary, String words) {
    Control.Outcome outcome =
        summary
            .map(s -> s.resumable() ? Control.Outcome.STOPPED : Control.Outcome.DONE)
            .orElse(Control.Outcome.FAILED);
    if (decisions.end(name, outcome, words)) {
      MadeRun run = made(name);
      run.follower.ifPresent(
          follower -> {
            summary.ifPresent(follower::ended);
            follower.close();
          });
      run.follower = Optional.empty();
    }
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
          for (RunEntry run : decisions.runs()) {
            Integer slots = run.plan().rollouts().get(name);
            if (slots != null) {
              allotted.put(run.name, slots);
            }
          }
          shown.add(
              node.view(
                  allotted,
                  unreachable.contains(node.ref().path().address()),
                  decisions.isDraining(name)));
        });
    List<String> cannot =
        nodes.values().stream()
            .filter(node -> !node.cannotLearn().isEmpty())
            .map(node -> "node [" + node.offer().name() + "] can't: " + node.cannotLearn())
            .toList();
    return new ClusterView(
        with.name(),
        shown,
        decisions.runs().stream().map(run -> made(run.name).view(run, words, cannot)).toList());
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      onTerminated(ended);
    } else if (signal instanceof PostStop || signal instanceof PreRestart) {
      with.active().accept(Optional.empty());
      made.values().forEach(run -> run.follower.ifPresent(RunListeners.Follower::close));
      io.close();
    }
    return this;
  }

  private void onTerminated(Terminated ended) {
    for (Map.Entry<String, MadeRun> run : made.entrySet()) {
      if (run.getValue()
          .actor
          .filter(actor -> actor.path().equals(ended.getRef().path()))
          .isPresent()) {
        String cause =
            ended instanceof ChildFailed failed ? String.valueOf(failed.getCause()) : "it stopped";
        onEnd(run.getKey(), Optional.empty(), "failed again and again: " + cause);
        return;
      }
    }
    ActorRef<?> lost = ended.getRef();
    nodes.values().removeIf(node -> node.ref().equals(lost));
    decisions.nodes().stream().filter(node -> node.equals(lost)).forEach(decisions::lost);
  }
}
