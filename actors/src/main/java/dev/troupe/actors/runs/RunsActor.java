package dev.troupe.actors.runs;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Production;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;

/**
 * One a cluster, on the active head: carries out what {@link RunsDecisions} decides about nodes and
 * runs, and has a {@link RunActor} for each run that has begun.
 *
 * <p>{@link HeadHands} reach nodes and runs, {@link DirectoryWork} the disk; {@link MadeRuns} and
 * {@link KnownNodes} are what there is, {@link HeadView} shows it.
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

  /** Change who judges in a run. */
  public record Reward(String run, RewardOrder order, ActorRef<Answer> to)
      implements Command, Local {}

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

  record SignNotLeft(Throwable cause) implements Command, Local {}

  record Overtaken(Optional<ActorRef<Answer>> asking) implements Command, Local {}

  record Tick() implements Command, Local {}

  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
  private static final Duration RESTART_AFTER_MAX = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int TICKS_TO_SIGN = (int) LifeSign.EVERY.dividedBy(TICK);

  private final RunsSurroundings with;
  private final DirectoryWork directory;
  private final MadeRuns made;
  private final KnownNodes nodes = new KnownNodes();
  private final RunsDecisions<ActorRef<NodeActor.Command>, ActorRef<Answer>> decisions;
  private final HeadView view;
  private final List<Command> early = new ArrayList<>();
  private int ticks;

  private RunsActor(ActorContext<Command> context, RunsSurroundings with) {
    super(context);
    this.with = with;
    this.directory = new DirectoryWork(with);
    this.made = new MadeRuns(directory::firstTerm);
    Shortage.Words words = new Shortage.Words(with.address(), with.home());
    this.decisions =
        new RunsDecisions<>(
            new HeadHands(context, with, directory, made, nodes, this::produce, this::leave),
            words);
    this.view = new HeadView(with.name(), decisions, made, nodes, words);
    hear(directory.open());
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
      case LogLines log -> nodes.logCame(log);
      case WhereIsTheApi(var to) -> to.tell(new ApiIsHere(with.api()));
      case Opened(var opened, var known, var drains) -> onOpened(opened, known, drains);
      case Failed(var cause) ->
          throw new IllegalStateException("the cluster's directory: " + cause, cause);
      case Submit _, ToRun _, Reward _, Drain _ when !directory.isOpen() -> early.add(command);
      case Submit(var submission, var to) -> decisions.submit(submission, to);
      case Created(var submission, var control, var to) -> {
        made.created(submission.name());
        decisions.created(submission, control, to);
      }
      case NotCreated(var run, var to, var cause) ->
          decisions.notCreated(run, to, String.valueOf(cause.getMessage()));
      case Produced(var run, var production, var follower) -> onProduced(run, production, follower);
      case NotProduced(var run, var cause) ->
          decisions.end(run, Control.Outcome.FAILED, String.valueOf(cause.getMessage()));
      case StatusOf(var run, var status) -> made.of(run).status = status;
      case ActorsOf(var run, var actors) -> made.of(run).actors = actors;
      case EndOf(var run, var summary, var words) -> onEnd(run, summary, words);
      case GetView(var to) -> to.tell(view.now(unreachable()));
      case ToRun(var run, var want, var to) -> decisions.want(run, want.control, to);
      case Reward(var run, var order, var to) -> onReward(run, order, to);
      case Drain(var node, var now, var to) -> decisions.drain(node, now, to);
      case GetLog(var node, var lines, var to) -> onGetLog(node, lines, to);
      case Written(var reply) -> decisions.written(reply);
      case SignLeft _ -> {}
      case SignNotLeft(var cause) ->
          context().getLog().warn("no sign of life could be left in [{}]", with.home(), cause);
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
    directory.opened(opened);
    known.keySet().forEach(made::of);
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

  private void hear(CompletionStage<Command> work) {
    context().pipeToSelf(work, RunsActor::orTrouble);
  }

  /** Work on the directory tells its troubles itself. */
  static Command orTrouble(Command done, Throwable failure) {
    return failure == null ? done : new Failed(failure);
  }

  // Nodes.

  private void onNodePresent(KnownNode node) {
    nodes.put(node);
    watch(node.ref(), decisions.present(node.ref(), node.forPlacement(), node.held()));
  }

  private void watch(ActorRef<NodeActor.Command> node, boolean unknown) {
    if (unknown) {
      context().watch(node);
    }
  }

  private void onGetLog(String name, int lines, ActorRef<Answer> to) {
    if (!nodes.askForLog(name, lines, to, context().getSelf())) {
      to.tell(decisions.noNode(name));
    }
  }

  private void onTick() {
    decisions.tick();
    if (directory.isOpen() && ++ticks % TICKS_TO_SIGN == 0) {
      hear(directory.leaveSign(ticks));
      decisions.writeAgain();
    }
  }

  // Runs.

  /** The run's own journal remembers it. */
  private void onReward(String name, RewardOrder order, ActorRef<Answer> to) {
    made.actor(name)
        .ifPresentOrElse(
            actor -> actor.tell(new RunActor.Reward(order, to)),
            () -> to.tell(decisions.notActive(name)));
  }

  private void produce(String name) {
    hear(
        directory.produce(
            name,
            decisions.specification(name),
            made.of(name),
            new Ears(name, context().getSelf())));
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
    MadeRun run = made.of(name);
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
      MadeRun run = made.of(name);
      run.follower.ifPresent(
          follower -> {
            summary.ifPresent(follower::ended);
            follower.close();
          });
      run.follower = Optional.empty();
    }
  }

  /** So that a supervisor brings this node back into the cluster of that head. */
  private void leave() {
    context()
        .getLog()
        .error(
            "another head has taken over the cluster's directory [{}] without being in this"
                + " cluster: this node ends",
            with.home());
    Cluster cluster = Cluster.get(context().getSystem());
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  private Set<Address> unreachable() {
    Set<Address> unreachable = new HashSet<>();
    for (Member member : Cluster.get(context().getSystem()).state().getUnreachable()) {
      unreachable.add(member.address());
    }
    return unreachable;
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      onTerminated(ended);
    } else if (signal instanceof PostStop || signal instanceof PreRestart) {
      with.active().accept(Optional.empty());
      made.closeFollowers();
      directory.close();
    }
    return this;
  }

  private void onTerminated(Terminated ended) {
    ActorRef<?> lost = ended.getRef();
    Optional<String> run = made.find(lost);
    if (run.isPresent()) {
      String cause =
          ended instanceof ChildFailed failed ? String.valueOf(failed.getCause()) : "it stopped";
      onEnd(run.get(), Optional.empty(), "failed again and again: " + cause);
    } else {
      nodes.lost(lost);
      decisions.nodes().stream().filter(node -> node.equals(lost)).forEach(decisions::lost);
    }
  }
}
