package dev.troupe.actors.node;

import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The reward actors that a run has on this node: as many of each verifier that judges. Those of a
 * verifier that nothing needs any more are stopped.
 */
final class RewardsOnNode {
  private final NodeSurroundings with;
  private final RunPeers peers;
  private final Function<Behavior<RewardActor.Command>, ActorRef<RewardActor.Command>> spawn;
  private final Consumer<ActorRef<RewardActor.Command>> stop;
  private final Map<VerifierRef, Supplier<Judge>> judges = new LinkedHashMap<>();
  private final List<RewardAddress> rewards = new ArrayList<>();
  private Optional<VerifierRef> shadow = Optional.empty();
  private Optional<Supplier<Judge>> shadows = Optional.empty();
  private final Set<ActorRef<RewardActor.Command>> shadowed = new HashSet<>();

  RewardsOnNode(
      NodeSurroundings with,
      RunPeers peers,
      Function<Behavior<RewardActor.Command>, ActorRef<RewardActor.Command>> spawn,
      Consumer<ActorRef<RewardActor.Command>> stop) {
    this.with = with;
    this.peers = peers;
    this.spawn = spawn;
    this.stop = stop;
  }

  /**
   * Makes it so.
   *
   * @param stay whether those that are not wanted any more are needed for what samplers here hold
   */
  void want(NodeActor.Enlist wanted, boolean stay) {
    Map<VerifierRef, VerifierVersion> versions =
        wanted.verifiers().stream()
            .collect(
                Collectors.toMap(
                    VerifierVersion::ref, version -> version, (a, _) -> a, LinkedHashMap::new));
    for (RewardAddress reward : List.copyOf(rewards)) {
      int most = versions.containsKey(reward.verifier()) ? wanted.rewards() : 0;
      if (!stay && count(reward.verifier()) > most) {
        forget(reward);
        stop.accept(reward.actor());
      }
    }
    judges.keySet().removeIf(ref -> count(ref) == 0);
    for (VerifierVersion version : versions.values()) {
      while (count(version.ref()) < wanted.rewards()) {
        begin(wanted.specification(), version);
      }
    }
    shadow(wanted, versions.keySet().stream().findFirst());
  }

  /** The reward actors of the verifier in force compare it with the shadow, and no others. */
  private void shadow(NodeActor.Enlist wanted, Optional<VerifierRef> inForce) {
    Optional<VerifierRef> next = wanted.shadow().map(VerifierVersion::ref);
    if (!next.equals(shadow)) {
      shadow = next;
      shadows =
          wanted.shadow().map(version -> with.workshop().judges(wanted.specification(), version));
      shadowed.clear();
      rewards.forEach(reward -> reward.actor().tell(new RewardActor.Shadow(Optional.empty())));
    }
    if (shadows.isPresent()) {
      for (RewardAddress reward : rewards) {
        if (inForce.equals(Optional.of(reward.verifier())) && shadowed.add(reward.actor())) {
          reward.actor().tell(new RewardActor.Shadow(shadows));
        }
      }
    }
  }

  private int count(VerifierRef verifier) {
    return (int) rewards.stream().filter(reward -> reward.verifier().equals(verifier)).count();
  }

  private void begin(RunSpecification specification, VerifierVersion version) {
    Supplier<Judge> made =
        judges.computeIfAbsent(version.ref(), _ -> with.workshop().judges(specification, version));
    rewards.add(
        new RewardAddress(
            version.ref(),
            spawn.apply(RewardActor.create(made, peers, with.crashHook(), with.nanos()))));
  }

  boolean isEmpty() {
    return rewards.isEmpty();
  }

  List<RewardAddress> all() {
    return List.copyOf(rewards);
  }

  Optional<RewardAddress> find(ActorRef<?> actor) {
    return rewards.stream()
        .filter(reward -> reward.actor().path().equals(actor.path()))
        .findFirst();
  }

  void forget(RewardAddress reward) {
    rewards.remove(reward);
    shadowed.remove(reward.actor());
  }

  void stopAll() {
    rewards.forEach(reward -> stop.accept(reward.actor()));
  }
}
