package dev.troupe.actors.run;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeReport;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One a run: brings up its singletons, enlists nodes, and has {@link RunDecisions} say what follows
 * from what it hears. What it has of nodes is in {@link RunNodes}.
 *
 * <p>Begun anew after a failure, its singletons begin anew with it, from the run directory.
 */
public final class RunActor extends ThinActor<RunActor.Command> {

  /** What the run is told. */
  public sealed interface Command {}

  /** These nodes take part from now on. */
  public record Nodes(List<Place> places) implements Command, Local {
    public Nodes {
      places = List.copyOf(places);
    }
  }

  /** What there is on a node. */
  public record NodeReported(NodeReport report) implements Command, Wire {}

  /** {@code reward} answers nobody. */
  public record RewardUnresponsive(ActorRef<RewardActor.Command> reward) implements Command, Wire {}

  /** Reinforcement learning begins, or goes on after {@code lastBatch}, with {@code version}. */
  public record Reinforced(PolicyVersion version, long lastBatch, long sftSteps)
      implements Command, Wire {}

  /** Batch {@code batch} made {@code version}; {@code evaluate} it. */
  public record UpdateMade(PolicyVersion version, long batch, boolean evaluate)
      implements Command, Wire {}

  /** {@code checkpoint} counts. */
  public record CheckpointCommitted(CheckpointRef checkpoint) implements Command, Wire {}

  /** The learner made its last checkpoint; {@code version} is published, if any is. */
  public record LearnerFinished(
      String why,
      Optional<PolicyVersion> version,
      long lastBatch,
      Optional<CheckpointRef> checkpoint)
      implements Command, Wire {}

  /** A sampler's verdicts on a part of an evaluation, from its task {@code from} on. */
  public record EvaluationPartDone(
      long evaluation, int part, int from, List<JudgedTrajectory> verdicts)
      implements Command, Wire {
    public EvaluationPartDone {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** A sampler can't get at {@code version}. */
  public record EvaluationImpossible(long evaluation, int part, PolicyVersion version)
      implements Command, Wire {}

  /** The run can't go on. */
  public record Fail(String why) implements Command, Wire {}

  /** The journal is read: what of the run is there already. */
  public record ReplayReady(
      LedgerTotals totals,
      long lastCommittedBatch,
      Optional<CheckpointRef> lastCommitted,
      long skippedUpdates)
      implements Command, Local {}

  /** The ledger's counts now. */
  public record Counted(LedgerTotals totals, long skippedUpdates) implements Command, Local {}

  /** Hardly any disk is left; nothing new is granted. */
  public record DiskLow(long freeBytes, long freeMinBytes) implements Command, Local {}

  /** There is disk again. */
  public record DiskFine() implements Command, Local {}

  /**
   * Who judges.
   *
   * @param atWork verifiers of groups of which something may still be judged
   * @param chosen while the run went on, the one in force last
   */
  public record VerifiersAre(Set<VerifierRef> atWork, List<VerifierChosen> chosen)
      implements Command, Local {
    public VerifiersAre {
      atWork = Set.copyOf(atWork);
      chosen = List.copyOf(chosen);
    }
  }

  /** The journal holds that {@code verifier} judges groups that begin now. */
  public record VerifierTaken(VerifierVersion verifier) implements Command, Local {}

  /** What {@code shadow} and the verifier in force said of the same trajectories somewhere. */
  public record Compared(VerifierRef shadow, ShadowFigures figures) implements Command, Wire {}

  /** Too many verdicts of {@code verifier} were not a score; nothing new is granted. */
  public record BudgetSpent(VerifierRef verifier, String why, List<String> examples)
      implements Command, Local {
    public BudgetSpent {
      examples = List.copyOf(examples);
    }
  }

  /** Somebody wants something of who judges. */
  public record Reward(RewardOrder order, ActorRef<Answer> to) implements Command, Local {}

  /** The journal is complete and closed. */
  public record ReplayClosed(LedgerTotals totals, long skippedUpdates) implements Command, Local {}

  /** What the monitor measured. */
  public record FiguresSeen(RunFigures figures) implements Command, Local {}

  /** Begin nothing new until {@link GoOn}: somebody wants it so. */
  public record Pause() implements Command, Local {}

  /** The pause that somebody wanted is over. */
  public record GoOn() implements Command, Local {}

  /** End resumable. */
  public record Drain() implements Command, Local {}

  /** End now. */
  public record StopNow() implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Tell the singletons, for tests. */
  public record GetSingletons(ActorRef<SingletonsAre> to) implements Command, Local {}

  /** The run's own actors. */
  public record SingletonsAre(NodeActor.Singletons singletons) implements Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofMillis(250);

  /** Evaluations of different lives of this actor have different numbers. */
  private static final long EVALUATIONS_IN_TERM = 1L << 20;

  private final Production production;
  private final NodeActor.Singletons singletons;
  private final RunNodes nodes;
  private final RunDecisions decisions;
  private final RunRewards rewards;

  private RunActor(ActorContext<Command> context, Production production) {
    super(context);
    this.production = production;
    production.milestones().begin();
    this.singletons = spawnSingletons(context, production);
    long term = production.terms().incrementAndGet();
    this.nodes =
        new RunNodes(
            production.name(),
            term,
            production.specification(),
            singletons,
            List.of(production.recipesVerifier()),
            production.token());
    Carrying hands = new Carrying();
    this.rewards =
        new RunRewards(
            production.recipesVerifier(),
            production.specification().reward().trial(),
            production.specification().control().isEmpty(),
            hands);
    LongSupplier nanos = production.options().nanos();
    long began = nanos.getAsLong();
    this.decisions =
        new RunDecisions(
            production.specification(),
            production.directory().root(),
            production.milestones(),
            new Evaluations(production.heldOut(), term * EVALUATIONS_IN_TERM + 1),
            () -> (nanos.getAsLong() - began) / 1e9,
            hands);
    onNodes(production.places().get());
    decisions.begin();
  }

  private static NodeActor.Singletons spawnSingletons(
      ActorContext<Command> context, Production production) {
    ActorRef<MonitorActor.Command> monitor =
        context.spawn(
            MonitorActor.create(
                production.options().listener(),
                production.ended()::actors,
                production.specification().runtime().stallAfter(),
                production.options().threads(),
                production.options().nanos()),
            "monitor");
    ActorRef<PolicyRegistry.Command> registry = context.spawn(PolicyRegistry.create(), "registry");
    ActorRef<ReplayActor.Command> replay =
        context.spawn(
            ReplayActor.create(production.replaySurroundings(context.getSelf(), monitor)),
            "replay");
    List.of(replay, registry, monitor).forEach(context::watch);
    return new NodeActor.Singletons(context.getSelf(), replay, registry, monitor);
  }

  /** Lives again after a failure, twice; then the run has failed. */
  public static Behavior<Command> create(Production production) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new RunActor(context, production);
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(2, Duration.ofMinutes(10)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Nodes(var places) -> onNodes(places);
      case NodeReported(var report) -> onChange(nodes.reported(report));
      case RewardUnresponsive(var reward) -> nodes.unresponsive(reward);
      case ReplayReady ready -> decisions.replayReady(ready);
      case Reinforced(var version, var lastBatch, var steps) ->
          decisions.reinforced(version, lastBatch, steps);
      case UpdateMade(var version, var batch, var evaluate) ->
          decisions.updateMade(version, batch, evaluate);
      case CheckpointCommitted(var checkpoint) -> decisions.committed(checkpoint);
      case EvaluationPartDone done -> decisions.evaluationPartDone(done);
      case EvaluationImpossible(var number, _, var version) -> onImpossible(number, version);
      case VerifiersAre verifiers -> rewards.are(verifiers);
      case VerifierTaken(var verifier) -> {
        decisions.phases().verifierTaken();
        rewards.taken(verifier);
      }
      case BudgetSpent spent -> {
        context()
            .getLog()
            .warn(
                "too many verdicts of [{}] are not a score: {}",
                spent.verifier().words(),
                spent.why());
        decisions.phases().budgetSpent(spent);
      }
      case Compared compared -> {
        if (!rewards.compared(compared)) {
          nodes.sayVerifiersAgain();
        }
      }
      case Reward(var order, var to) ->
          rewards.order(order, decisions.phases().isOverBudget(), to::tell);
      case Counted(var totals, var skipped) -> decisions.counted(totals, skipped);
      case DiskLow(var free, var least) -> decisions.phases().diskLow(free, least);
      case DiskFine _ -> decisions.phases().diskFine();
      case Pause _ -> decisions.phases().pauseByHand();
      case GoOn _ -> decisions.phases().goOnByHand();
      case Drain _ -> decisions.drain();
      case LearnerFinished finished -> decisions.learnerFinished(finished);
      case ReplayClosed(var totals, var skipped) -> decisions.replayClosed(totals, skipped);
      case FiguresSeen(var figures) -> decisions.figures(figures);
      case Fail(var why) -> decisions.fail(why, Optional.empty());
      case StopNow _ -> decisions.stopNow();
      case Tick _ -> {
        nodes.verifiers(rewards.needed(decisions.isEvaluating()), rewards.shadow());
        nodes.tick();
        decisions.tick();
      }
      case GetSingletons(var to) -> to.tell(new SingletonsAre(singletons));
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onNodes(List<Place> places) {
    nodes.set(places).forEach(joined -> context().watch(joined.ref()));
    decisions.nodes(nodes.present());
  }

  private void onChange(RunNodes.Change change) {
    decisions.changed(change, nodes.present());
  }

  private void onImpossible(long number, PolicyVersion version) {
    if (decisions.evaluationImpossible(number, version)) {
      context().getLog().warn("evaluation of [{}] is not possible: its weights are gone", version);
    }
  }

  /** Does what was decided. */
  private final class Carrying implements RunHands {
    @Override
    public void toLearner(LearnerActor.Command command) {
      nodes.learner().ifPresent(learner -> learner.tell(command));
    }

    @Override
    public void toReplay(ReplayActor.Command command) {
      singletons.replay().tell(command);
    }

    @Override
    public void toRegistry(PolicyRegistry.Command command) {
      singletons.registry().tell(command);
    }

    @Override
    public void toMonitor(MonitorActor.Command command) {
      singletons.monitor().tell(command);
    }

    @Override
    public void askForFigures() {
      singletons.monitor().tell(new MonitorActor.GetFigures(context().getSelf()));
    }

    @Override
    public void evaluate(Evaluations.Order order) {
      ActorRef<RolloutActor.Command> rollout = nodes.rollouts().get(order.sampler());
      if (rollout != null) {
        Evaluation evaluation = order.evaluation();
        rollout.tell(
            new RolloutActor.Evaluate(
                evaluation.number(),
                order.part(),
                evaluation.version(),
                rewards.ofEvaluations(),
                evaluation.tasks(order.part()),
                context().getSelf()));
      }
    }

    @Override
    public Production.Ended outside() {
      return production.ended();
    }
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      Optional<String> node = nodes.find(ended.getRef());
      if (node.isPresent()) {
        decisions.nodeLost(node.get());
        onChange(nodes.lost(node.get()));
      } else if (isSingleton(ended.getRef())) {
        Optional<Throwable> cause =
            ended instanceof ChildFailed failed ? Optional.of(failed.getCause()) : Optional.empty();
        String name = ended.getRef().path().name();
        decisions.fail(
            "actor [" + name + "] " + cause.map(Object::toString).orElse("ended"), cause);
      }
    }
    return this;
  }

  private boolean isSingleton(ActorRef<?> ref) {
    return List.of(singletons.replay(), singletons.registry(), singletons.monitor()).stream()
        .anyMatch(own -> own.path().equals(ref.path()));
  }
}
