package dev.troupe.actors.policy;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One a node and run: holds the newest complete weights on this node and tells its samplers of
 * them.
 *
 * <p>Weights that a learner in this JVM made are on the shelf already when they are announced. What
 * another node made is fetched, if there are samplers here, while they go on with what they have:
 *
 * <pre>
 *   Announce ─▶ Wants ─▶ registry ─▶ Serve ─▶ the maker's cache writes it ─▶ Has ─▶ registry
 *   samplers ◀─ on the shelf ◀─ pulled and verified ◀───────── Fetch ◀──────────────────┘
 * </pre>
 *
 * <p>A newer version overtakes an older one, unless that is kept for an evaluation. What is missing
 * is asked for again at every tick.
 */
public final class PolicyCache extends ThinActor<PolicyCache.Command> {

  /** What the cache is told. */
  public sealed interface Command {}

  /** {@code version} can be sampled with; {@code keep} it until it is released. */
  public record Announce(PolicyVersion version, boolean keep) implements Command, Wire {}

  /** {@code version} needs not be kept any more. */
  public record Release(PolicyVersion version) implements Command, Wire {}

  /** Other nodes want {@code version}: write it and serve it. */
  public record Serve(PolicyVersion version) implements Command, Wire {}

  /** Fetch the version of {@code manifest}. */
  public record Fetch(PolicyManifest manifest, PullPlan plan) implements Command, Wire {}

  /**
   * {@code rollout} wants to know of new versions, and now of the newest: one that began anew has
   * forgotten what it was told.
   */
  public record Subscribe(ActorRef<RolloutActor.Command> rollout) implements Command, Wire {}

  /** The run's singletons live elsewhere now, and no evaluation of earlier ones goes on. */
  public record Rejoin() implements Command, Local {}

  record Served(PolicyVersion version, Optional<PolicyManifest> manifest, String failure)
      implements Command, Local {}

  record Fetched(PolicyManifest manifest, Optional<Policy> policy, String failure)
      implements Command, Local {}

  /** It says again that it is there, and what it lacks, in case that was not heard. */
  record Tick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofSeconds(2);

  /** What goes to other nodes and comes from them; empty where there are none. */
  public record Transfer(String run, Optional<NodeWeights> weights) {}

  private final PolicyShelf shelf;
  private final RunPeers peers;
  private final Transfer transfer;
  private final Set<ActorRef<RolloutActor.Command>> rollouts = new LinkedHashSet<>();
  private final Set<PolicyVersion> kept = new HashSet<>();
  private final Map<PolicyVersion, PolicyManifest> served = new HashMap<>();
  private final Set<PolicyVersion> writing = new HashSet<>();
  private final Map<PolicyVersion, NodeWeights.Fetching> fetching = new HashMap<>();
  private Optional<PolicyVersion> announced = Optional.empty();
  private Optional<PolicyVersion> newest = Optional.empty();

  private PolicyCache(
      ActorContext<Command> context, PolicyShelf shelf, RunPeers peers, Transfer transfer) {
    super(context);
    this.shelf = shelf;
    this.peers = peers;
    this.transfer = transfer;
    join();
  }

  /**
   * Joins the run's registry; begun anew after a failure, it asks for the newest version again, and
   * its samplers, which subscribe from time to time, find it.
   */
  public static Behavior<Command> create(PolicyShelf shelf, RunPeers peers, Transfer transfer) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new PolicyCache(context, shelf, peers, transfer);
                        })))
        .onFailure(SupervisorStrategy.restart());
  }

  private void join() {
    peers.registry().tell(new PolicyRegistry.Join(context().getSelf()));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Announce(var version, var keep) -> onAnnounce(version, keep);
      case Release(var version) -> onRelease(version);
      case Serve(var version) -> onServe(version);
      case Served(var version, var manifest, var failure) -> onServed(version, manifest, failure);
      case Fetch(var manifest, var plan) -> onFetch(manifest, plan);
      case Fetched(var manifest, var policy, var failure) -> onFetched(manifest, policy, failure);
      case Subscribe(var rollout) -> onSubscribe(rollout);
      case Rejoin _ -> onRejoin();
      case Tick _ -> onTick();
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  // What can be sampled with.

  private void onAnnounce(PolicyVersion version, boolean keep) {
    if (keep) {
      kept.add(version);
      shelf.keep(version);
    }
    if (announced.isEmpty() || VersionOrder.newer(version, announced.get())) {
      announced = Optional.of(version);
      leaveBehind();
    }
    if (shelf.has(version) || transfer.weights().isEmpty()) {
      arrived(version);
      sayHas(version);
    } else {
      want(version);
    }
  }

  /** What is only kept for an evaluation, beside a newer version, is not sampled with. */
  private void arrived(PolicyVersion version) {
    boolean behind = announced.filter(it -> VersionOrder.newer(it, version)).isPresent();
    if (!behind && (newest.isEmpty() || VersionOrder.newer(version, newest.get()))) {
      newest = Optional.of(version);
      shelf.promote(version);
      rollouts.forEach(rollout -> rollout.tell(new RolloutActor.PolicyArrived(version)));
    }
  }

  private void onRelease(PolicyVersion version) {
    kept.remove(version);
    shelf.release(version, newest.orElse(version));
    leaveBehind();
  }

  private void onSubscribe(ActorRef<RolloutActor.Command> rollout) {
    if (rollouts.add(rollout)) {
      wantMissing();
    }
    newest.ifPresent(version -> rollout.tell(new RolloutActor.PolicyArrived(version)));
  }

  private void onRejoin() {
    kept.clear();
    newest.ifPresent(shelf::releaseAll);
    leaveBehind();
    join();
  }

  private void onTick() {
    join();
    wantMissing();
  }

  // To and from other nodes.

  private boolean needed(PolicyVersion version) {
    return kept.contains(version)
        || announced.isEmpty()
        || !VersionOrder.newer(announced.get(), version);
  }

  /** What a newer version has overtaken is not fetched on, nor served. */
  private void leaveBehind() {
    fetching.forEach(
        (version, under) -> {
          if (!needed(version)) {
            under.cancel();
          }
        });
    for (PolicyVersion version : Set.copyOf(served.keySet())) {
      if (!needed(version)) {
        served.remove(version);
        transfer.weights().ifPresent(weights -> weights.letGo(transfer.run(), version));
      }
    }
  }

  private void wantMissing() {
    announced.ifPresent(this::want);
    kept.forEach(this::want);
  }

  private void want(PolicyVersion version) {
    boolean here = shelf.has(version) || fetching.containsKey(version);
    if (!here && !rollouts.isEmpty()) {
      transfer
          .weights()
          .ifPresent(
              weights ->
                  peers
                      .registry()
                      .tell(
                          new PolicyRegistry.Wants(
                              version, context().getSelf(), weights.member())));
    }
  }

  private void sayHas(PolicyVersion version) {
    transfer
        .weights()
        .ifPresent(
            weights ->
                peers
                    .registry()
                    .tell(
                        new PolicyRegistry.Has(
                            version,
                            context().getSelf(),
                            weights.member(),
                            Optional.ofNullable(served.get(version)))));
  }

  private void onServe(PolicyVersion version) {
    if (served.containsKey(version)) {
      sayHas(version);
    } else if (transfer.weights().isPresent() && !writing.contains(version)) {
      shelf
          .take(version)
          .ifPresent(
              policy -> {
                giveUp(version.hash());
                writing.add(version);
                context()
                    .pipeToSelf(
                        transfer.weights().get().publish(transfer.run(), policy),
                        (manifest, failure) ->
                            new Served(
                                version, Optional.ofNullable(manifest), String.valueOf(failure)));
              });
    }
  }

  /**
   * A learner that begins here at a checkpoint makes what its predecessor made: whoever waits for
   * that to come, perhaps from a node that is gone, would keep it from being written.
   */
  private void giveUp(String hash) {
    fetching.forEach(
        (version, under) -> {
          if (version.hash().equals(hash)) {
            under.cancel();
          }
        });
  }

  private void onServed(PolicyVersion version, Optional<PolicyManifest> manifest, String failure) {
    writing.remove(version);
    if (manifest.isEmpty()) {
      context()
          .getLog()
          .atWarn()
          .addKeyValue("run", transfer.run())
          .addKeyValue("policyVersion", version.update())
          .log("weights can't be served to other nodes: {}", failure);
      return;
    }
    served.put(version, manifest.get());
    context()
        .getLog()
        .atInfo()
        .addKeyValue("run", transfer.run())
        .addKeyValue("policyVersion", version.update())
        .addKeyValue("incarnation", version.incarnation())
        .log("weights published");
    sayHas(version);
    leaveBehind();
  }

  private void onFetch(PolicyManifest manifest, PullPlan plan) {
    PolicyVersion version = manifest.version();
    boolean here = shelf.has(version) || fetching.containsKey(version);
    if (!here && needed(version) && transfer.weights().isPresent()) {
      NodeWeights.Fetching under = transfer.weights().get().fetch(transfer.run(), manifest, plan);
      fetching.put(version, under);
      context()
          .pipeToSelf(
              under.policy(),
              (policy, failure) ->
                  new Fetched(manifest, Optional.ofNullable(policy), String.valueOf(failure)));
    }
  }

  private void onFetched(PolicyManifest manifest, Optional<Policy> policy, String failure) {
    PolicyVersion version = manifest.version();
    fetching.remove(version);
    policy.ifPresent(
        arrived -> {
          context()
              .getLog()
              .atDebug()
              .addKeyValue("run", transfer.run())
              .addKeyValue("policyVersion", version.update())
              .log("weights fetched");
          served.put(version, manifest);
          if (needed(version)) {
            shelf.put(arrived);
            arrived(version);
            sayHas(version);
          } else {
            arrived.close();
          }
        });
    if (policy.isEmpty() && needed(version)) {
      context()
          .getLog()
          .atWarn()
          .addKeyValue("run", transfer.run())
          .addKeyValue("policyVersion", version.update())
          .log("{}; it is tried again", failure);
    }
    leaveBehind();
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      fetching.values().forEach(NodeWeights.Fetching::cancel);
      served
          .keySet()
          .forEach(
              version ->
                  transfer.weights().ifPresent(weights -> weights.letGo(transfer.run(), version)));
    }
    return this;
  }
}
