package dev.troupe.actors.node;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.run.RunSpecification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * One a node: brings up this node's policy cache, samplers and reward actors for a run, replaces
 * reward actors that fail or don't answer, and tells the samplers which ones there are.
 */
public final class NodeActor extends ThinActor<NodeActor.Command> {

  /** What a node is told. */
  public sealed interface Command {}

  /** Take part in a run; what ran here for an earlier life of it ends. */
  public record Enlist(
      RunSpecification specification,
      ActorRef<RunActor.Command> run,
      ActorRef<ReplayActor.Command> replay,
      ActorRef<PolicyRegistry.Command> registry,
      ActorRef<MonitorActor.Command> monitor)
      implements Command, Wire {}

  /** {@code rollout} began its life {@code life} and wants to know the reward actors. */
  public record RolloutBegan(String name, ActorRef<RolloutActor.Command> rollout, long life)
      implements Command, Wire {}

  /** {@code reward} answers nobody. */
  public record Unresponsive(ActorRef<RewardActor.Command> reward) implements Command, Wire {}

  /** Tell the children that tests want to meet. */
  public record GetChildren(ActorRef<Children> to) implements Command, Local {}

  /** Who lives here. */
  public record Children(
      List<ActorRef<RolloutActor.Command>> rollouts,
      List<ActorRef<RewardActor.Command>> rewards,
      Optional<ActorRef<PolicyCache.Command>> cache)
      implements Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** Replacements of reward actors in a run before it fails. */
  private static final int REPLACEMENTS_MAX = 1_000;

  private final String name;
  private final Workshop workshop;
  private final PolicyShelf shelf;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Enlist> lastEnlist;
  private final Map<String, ActorRef<RolloutActor.Command>> rollouts = new HashMap<>();
  private final List<ActorRef<RewardActor.Command>> rewards = new ArrayList<>();
  private final Set<ActorRef<?>> ending = new HashSet<>();
  private Optional<Enlist> enlisted = Optional.empty();
  private Optional<ActorRef<PolicyCache.Command>> cache = Optional.empty();
  private Optional<Supplier<Judge>> judges = Optional.empty();
  private long spawned;
  private int replacements;

  private NodeActor(
      ActorContext<Command> context,
      String name,
      Workshop workshop,
      PolicyShelf shelf,
      LongSupplier nanos,
      AtomicReference<@Nullable Enlist> lastEnlist) {
    super(context);
    this.lastEnlist = lastEnlist;
    this.name = name;
    this.workshop = workshop;
    this.shelf = shelf;
    this.nanos = nanos;
  }

  /** Begun anew after a failure, with all its children, it takes part in the same run again. */
  public static Behavior<Command> create(
      String name, Workshop workshop, PolicyShelf shelf, LongSupplier nanos) {
    AtomicReference<@Nullable Enlist> last = new AtomicReference<>();
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context -> {
                  Enlist enlist = last.get();
                  if (enlist != null) {
                    context.getSelf().tell(enlist);
                  }
                  return new NodeActor(context, name, workshop, shelf, nanos, last);
                }))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Enlist enlist -> onEnlist(enlist);
      case RolloutBegan(var rolloutName, var rollout, _) -> onRolloutBegan(rolloutName, rollout);
      case Unresponsive(var reward) -> onUnresponsive(reward);
      case GetChildren(var to) ->
          to.tell(new Children(List.copyOf(rollouts.values()), List.copyOf(rewards), cache));
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onEnlist(Enlist enlist) {
    dismiss();
    enlisted = Optional.of(enlist);
    lastEnlist.set(enlist);
    RunSpecification specification = enlist.specification();
    judges = Optional.of(workshop.judges(specification));
    for (int i = 0; i < specification.reward().actors(); i++) {
      spawnReward(enlist);
    }
    ActorRef<PolicyCache.Command> newCache =
        context().spawn(PolicyCache.create(shelf, enlist.registry()), "cache-" + spawned++);
    cache = Optional.of(newCache);
    SamplerEngines engines = workshop.samplers(specification);
    for (int i = 0; i < specification.runtime().rolloutActors(); i++) {
      RolloutActor.Surroundings surroundings =
          new RolloutActor.Surroundings(
              name + "/rollout-" + i,
              engines,
              shelf,
              enlist.replay(),
              newCache,
              context().getSelf(),
              enlist.monitor(),
              specification.reward(),
              specification.replay().leaseLimit(),
              nanos);
      context()
          .watch(
              context().spawn(RolloutActor.create(surroundings), "rollout-" + i + "-" + spawned++));
    }
  }

  private void dismiss() {
    for (ActorRef<Void> child : context().getChildren()) {
      ending.add(child);
      context().stop(child);
    }
    rollouts.clear();
    rewards.clear();
    cache = Optional.empty();
  }

  private void spawnReward(Enlist enlist) {
    judges.ifPresent(
        judge -> {
          ActorRef<RewardActor.Command> reward =
              context()
                  .spawn(RewardActor.create(judge, enlist.replay(), nanos), "reward-" + spawned++);
          context().watch(reward);
          rewards.add(reward);
        });
  }

  private void onRolloutBegan(String rolloutName, ActorRef<RolloutActor.Command> rollout) {
    rollouts.put(rolloutName, rollout);
    rollout.tell(new RolloutActor.Rewards(rewards));
    enlisted.ifPresent(
        enlist -> enlist.run().tell(new RunActor.RolloutJoined(rolloutName, rollout)));
  }

  private void onUnresponsive(ActorRef<RewardActor.Command> reward) {
    if (rewards.contains(reward)) {
      ending.add(reward);
      context().stop(reward);
      replace(reward, "it gave no answer");
    }
  }

  private void replace(ActorRef<?> reward, String cause) {
    boolean gone = rewards.removeIf(present -> present.path().equals(reward.path()));
    if (gone && enlisted.isPresent()) {
      Enlist enlist = enlisted.get();
      enlist.monitor().tell(new MonitorActor.Restarted(name + "/" + reward.path().name(), cause));
      if (++replacements > REPLACEMENTS_MAX) {
        enlist
            .run()
            .tell(
                new RunActor.Fail(
                    "more than [" + REPLACEMENTS_MAX + "] reward actors failed; last: " + cause));
      } else {
        spawnReward(enlist);
        rollouts.values().forEach(rollout -> rollout.tell(new RolloutActor.Rewards(rewards)));
      }
    }
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended && !ending.remove(ended.getRef())) {
      String cause =
          ended instanceof ChildFailed failed ? String.valueOf(failed.getCause()) : "it stopped";
      boolean isReward =
          rewards.stream().anyMatch(reward -> reward.path().equals(ended.getRef().path()));
      if (isReward) {
        replace(ended.getRef(), cause);
      } else {
        enlisted.ifPresent(
            enlist ->
                enlist
                    .run()
                    .tell(
                        new RunActor.Fail(
                            "actor ["
                                + ended.getRef().path().name()
                                + "] failed again and again: "
                                + cause)));
      }
    }
    return this;
  }
}
