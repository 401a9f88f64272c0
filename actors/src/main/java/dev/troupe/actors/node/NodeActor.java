package dev.troupe.actors.node;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.runs.RunsActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * One a node: brings up what runs want here (policy cache, samplers, reward actors, a learner),
 * tells them where a run's singletons are, and empties the node when it is to leave.
 *
 * <p>What a run wants is said whole each time ({@link Enlist}); the node makes it so. What an
 * earlier life of the run said, which its term tells, is not heard.
 */
public final class NodeActor extends ThinActor<NodeActor.Command> {
  /** Under which the nodes of a cluster are found. */
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "troupe-node");

  /** What a node is told. */
  public sealed interface Command {}

  /** The actors of a run that live on its head. */
  public record Singletons(
      ActorRef<RunActor.Command> run,
      ActorRef<ReplayActor.Command> replay,
      ActorRef<PolicyRegistry.Command> registry,
      ActorRef<MonitorActor.Command> monitor) {}

  /**
   * Take part in a run, with this much.
   *
   * @param run its name
   * @param term grows with every life of the run's own actor
   * @param rollouts rollout actors
   * @param rewards reward actors of each verifier
   * @param learner whether the learner lives here
   * @param token that the head left in the run directory, for a learner to find; empty = none
   * @param verifiers that judge now: the one in force, and those of groups that began with others
   * @param shadow judges beside the one in force, for comparison
   */
  public record Enlist(
      String run,
      long term,
      RunSpecification specification,
      Singletons singletons,
      int rollouts,
      int rewards,
      boolean learner,
      String token,
      List<VerifierVersion> verifiers,
      Optional<VerifierVersion> shadow)
      implements Command, Wire {
    public Enlist {
      verifiers = List.copyOf(verifiers);
    }
  }

  /** {@code run}, in its life {@code term}, wants nothing of this node any more. */
  public record Dismiss(String run, long term) implements Command, Wire {}

  /** All reward actors of {@code run}, on all nodes. */
  public record RewardsOfRun(String run, long term, List<RewardAddress> rewards)
      implements Command, Wire {
    public RewardsOfRun {
      rewards = List.copyOf(rewards);
    }
  }

  /** {@code rollout} began its life {@code life} and wants to know the reward actors. */
  public record RolloutBegan(
      String run, String name, ActorRef<RolloutActor.Command> rollout, long life)
      implements Command, Local {}

  /** {@code reward} answers nobody. */
  public record Unresponsive(String run, ActorRef<RewardActor.Command> reward)
      implements Command, Wire {}

  /** {@code runs} wants to know what this node offers. */
  public record WhatDoYouOffer(ActorRef<RunsActor.Command> runs) implements Command, Wire {}

  /** Empty the node: finish what is held and take no more, or {@code now} give it back. */
  public record Drain(boolean now) implements Command, Wire {}

  /** Tell the last {@code lines} of this node's log. */
  public record GetLog(long request, int lines, ActorRef<RunsActor.Command> runs)
      implements Command, Wire {}

  record LogRead(GetLog request, String text) implements Command, Local {}

  /** A file that {@code run} needs here came, or it didn't. */
  record FileCame(String run, String hash, Optional<String> trouble) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Tell the children that tests want to meet. */
  public record GetChildren(ActorRef<Children> to) implements Command, Local {}

  /** Who lives here. */
  public record Children(
      List<ActorRef<RolloutActor.Command>> rollouts,
      List<ActorRef<RewardActor.Command>> rewards,
      Optional<ActorRef<PolicyCache.Command>> cache,
      Optional<ActorRef<LearnerActor.Command>> learner)
      implements Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_TO_LOOK = 8;

  /** A token may be replaced without this node being told. */
  private static final int TICKS_TO_TRY_AGAIN = 240;

  /** Why this node can have no learner: what a run's head left behind isn't where it looks. */
  private record Unshared(String run, String token, String words, long since) {}

  private final NodeSurroundings with;
  private final Map<String, Enlist> enlistments;
  private final TreeMap<String, RunOnNode> runs = new TreeMap<>();
  private final RunTerms terms = new RunTerms();
  private Optional<Unshared> unshared = Optional.empty();
  private boolean draining;
  private boolean emptied;
  private long named;
  private long ticks;

  private NodeActor(
      ActorContext<Command> context, NodeSurroundings with, Map<String, Enlist> enlistments) {
    super(context);
    this.with = with;
    this.enlistments = enlistments;
    List.copyOf(enlistments.values()).forEach(this::onEnlist);
  }

  /** Begun anew after a failure, with all its children, it takes part in the same runs again. */
  public static Behavior<Command> create(NodeSurroundings with) {
    Map<String, Enlist> enlistments = new TreeMap<>();
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new NodeActor(context, with, enlistments);
                        })))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Enlist enlist -> onEnlist(enlist);
      case Dismiss(var run, var term) -> onDismiss(run, term);
      case RewardsOfRun(var name, var term, var rewards) -> {
        RunOnNode run = runs.get(name);
        if (run != null && run.term() == term) {
          run.rewardsOfRun(rewards);
        }
      }
      case RolloutBegan(var name, var rolloutName, var rollout, var life) -> {
        RunOnNode run = runs.get(name);
        if (run != null) {
          run.rolloutBegan(rolloutName, rollout, life);
        }
      }
      case Unresponsive(var name, var reward) -> {
        RunOnNode run = runs.get(name);
        if (run != null) {
          run.unresponsive(reward);
        }
      }
      case WhatDoYouOffer(var asking) -> onWhatDoYouOffer(asking);
      case Drain(var now) -> onDrain(now);
      case GetLog request -> onGetLog(request);
      case LogRead(var request, var text) ->
          request.runs().tell(new RunsActor.LogLines(request.request(), text));
      case FileCame(var name, var hash, var trouble) -> {
        RunOnNode run = runs.get(name);
        if (run != null) {
          run.fileCame(hash, trouble);
        }
      }
      case Tick _ -> onTick();
      case GetChildren(var to) ->
          runs.values().stream().findFirst().ifPresent(run -> to.tell(run.children()));
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onEnlist(Enlist enlist) {
    if (!terms.counts(enlist.run(), enlist.term())) {
      return;
    }
    RunOnNode known = runs.get(enlist.run());
    if (known == null) {
      known = new RunOnNode(context(), with, () -> ++named, enlist);
      runs.put(enlist.run(), known);
    }
    Enlist given = draining ? known.emptied(enlist) : enlist;
    enlistments.put(enlist.run(), given);
    known.want(given);
    noteUnshared(given, known.cannotLearn());
  }

  private void noteUnshared(Enlist enlist, Optional<String> cannot) {
    if (cannot.isPresent()) {
      if (unshared.isEmpty()) {
        context().getLog().warn("no learner of run [{}] here: {}", enlist.run(), cannot.get());
      }
      unshared = Optional.of(new Unshared(enlist.run(), enlist.token(), cannot.get(), ticks));
    }
  }

  private boolean isSharedAgain(Unshared before) {
    return ticks - before.since() >= TICKS_TO_TRY_AGAIN
        || with.workshop().cannotLearn(before.run(), before.token()).isEmpty();
  }

  private void onDismiss(String name, long term) {
    RunOnNode run = runs.get(name);
    if (terms.counts(name, term) && run != null) {
      runs.remove(name);
      enlistments.remove(name);
      run.dismiss();
    }
  }

  private void onWhatDoYouOffer(ActorRef<RunsActor.Command> asking) {
    List<String> learners =
        runs.entrySet().stream()
            .filter(entry -> entry.getValue().hasLearner())
            .map(Map.Entry::getKey)
            .toList();
    Map<String, Integer> held = new TreeMap<>();
    runs.forEach((name, run) -> held.put(name, run.wanted().rollouts()));
    asking.tell(
        new RunsActor.NodePresent(
            with.offer(),
            context().getSelf(),
            learners,
            held,
            draining,
            unshared.map(Unshared::words).orElse("")));
  }

  private void onDrain(boolean now) {
    draining = true;
    runs.values()
        .forEach(
            run -> {
              if (now) {
                run.giveBack();
              }
              Enlist less = run.emptied(run.wanted());
              enlistments.put(less.run(), less);
              run.want(less);
            });
  }

  private void onGetLog(GetLog request) {
    context()
        .pipeToSelf(
            with.log().tail(request.lines()),
            (text, failure) ->
                new LogRead(request, failure == null ? text : "the log can't be read: " + failure));
  }

  private void onTick() {
    if (++ticks % TICKS_TO_LOOK == 0 && unshared.filter(this::isSharedAgain).isPresent()) {
      unshared = Optional.empty();
    }
    runs.values().forEach(RunOnNode::tick);
    if (draining && !emptied && runs.values().stream().allMatch(RunOnNode::isEmpty)) {
      emptied = true;
      with.onEmpty().run();
    }
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      runs.values().forEach(run -> run.ended(ended));
    } else if (signal instanceof PostStop || signal instanceof PreRestart) {
      runs.values().forEach(RunOnNode::close);
    }
    return this;
  }
}
