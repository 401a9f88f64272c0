package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeReport;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The nodes that take part in a run and what it has on each. What a node shall do is said to it
 * whole; what it does comes back whole; so either may be said twice, and a lost message costs time
 * only.
 */
final class RunNodes {

  /** What a report or a loss changed. */
  record Change(List<String> begun, List<String> gone, boolean learnerJoined) {
    static final Change NONE = new Change(List.of(), List.of(), false);
  }

  private static final int TICKS_TO_REMIND = 8;

  private final String run;
  private final long term;
  private final RunSpecification specification;
  private final NodeActor.Singletons singletons;
  private final String token;
  private List<VerifierVersion> verifiers;
  private Optional<VerifierVersion> shadow = Optional.empty();
  private final TreeMap<String, Place> places = new TreeMap<>();
  private final TreeMap<String, NodeReport> reports = new TreeMap<>();
  private long ticks;

  /**
   * @param term of this life of the run's actor; greater than any before
   * @param verifiers that judge at first
   * @param token that was left in the run directory, for the learner's node to find
   */
  RunNodes(
      String run,
      long term,
      RunSpecification specification,
      NodeActor.Singletons singletons,
      List<VerifierVersion> verifiers,
      String token) {
    this.run = run;
    this.term = term;
    this.specification = specification;
    this.singletons = singletons;
    this.verifiers = List.copyOf(verifiers);
    this.token = token;
  }

  /**
   * There are to be reward actors of these from now on.
   *
   * @param beside the first of them, for comparison
   */
  void verifiers(List<VerifierVersion> needed, Optional<VerifierVersion> beside) {
    if (!needed.equals(verifiers) || !beside.equals(shadow)) {
      verifiers = List.copyOf(needed);
      shadow = beside;
      places.values().stream().filter(Place::rewards).forEach(this::enlist);
    }
  }

  /**
   * These nodes take part from now on, with this much; returns those that were not there. One that
   * is not among them any more finishes what it has, and is dismissed when it is empty or lost.
   */
  List<Place> set(List<Place> next) {
    Map<String, Place> wanted = new LinkedHashMap<>();
    next.forEach(place -> wanted.put(place.node(), place));
    for (Place place : places.values()) {
      wanted.computeIfAbsent(place.node(), node -> new Place(node, place.ref(), 0, false, false));
    }
    List<Place> joined = new ArrayList<>();
    wanted.forEach(
        (name, place) -> {
          Place known = places.put(name, place);
          if (!place.equals(known)) {
            enlist(place);
          }
          if (known == null || !known.ref().equals(place.ref())) {
            reports.remove(name);
            joined.add(place);
          }
        });
    return joined;
  }

  private void enlist(Place place) {
    place
        .ref()
        .tell(
            new NodeActor.Enlist(
                run,
                term,
                specification,
                singletons,
                place.rollouts(),
                rewards(place),
                place.learner(),
                token,
                verifiers,
                shadow));
  }

  /** A node tells what there is on it. */
  Change reported(NodeReport report) {
    if (report.term() != term || !places.containsKey(report.node())) {
      return Change.NONE;
    }
    Optional<ActorRef<LearnerActor.Command>> learnerBefore = learner();
    List<RewardAddress> rewardsBefore = rewards();
    NodeReport before = reports.put(report.node(), report);
    dismissIfEmpty(report);
    if (!rewards().equals(rewardsBefore) || before == null) {
      tellRewards();
    }
    return change(before == null ? List.of() : before.rollouts(), report.rollouts(), learnerBefore);
  }

  private void dismissIfEmpty(NodeReport report) {
    Place place = places.get(report.node());
    if (place != null && place.isNothing() && report.isEmpty()) {
      place.ref().tell(new NodeActor.Dismiss(run, term));
      places.remove(report.node());
      reports.remove(report.node());
    }
  }

  /** The node behind {@code ref} is gone; its name, if it took part. */
  Optional<String> find(ActorRef<?> ref) {
    return places.values().stream()
        .filter(place -> place.ref().equals(ref))
        .map(Place::node)
        .findFirst();
  }

  Change lost(String node) {
    Optional<ActorRef<LearnerActor.Command>> learnerBefore = learner();
    places.remove(node);
    NodeReport before = reports.remove(node);
    tellRewards();
    return change(before == null ? List.of() : before.rollouts(), List.of(), learnerBefore);
  }

  private Change change(
      List<NodeReport.Rollout> before,
      List<NodeReport.Rollout> after,
      Optional<ActorRef<LearnerActor.Command>> learnerBefore) {
    List<String> begun =
        after.stream()
            .filter(rollout -> !before.contains(rollout))
            .map(NodeReport.Rollout::name)
            .toList();
    List<String> gone =
        before.stream()
            .map(NodeReport.Rollout::name)
            .filter(name -> after.stream().noneMatch(rollout -> rollout.name().equals(name)))
            .toList();
    boolean joined = learner().isPresent() && !learner().equals(learnerBefore);
    return new Change(begun, gone, joined);
  }

  /** Time passes, four times a second: what nodes may not have heard is said again. */
  void tick() {
    if (++ticks % TICKS_TO_REMIND == 0) {
      remind();
    }
  }

  private void remind() {
    places.values().stream()
        .filter(place -> !isSo(place) || (shadow.isPresent() && place.rewards()))
        .forEach(this::enlist);
    tellRewards();
  }

  /** Whether the node has what it shall have. */
  private boolean isSo(Place place) {
    NodeReport report = reports.get(place.node());
    return report != null
        && report.rollouts().size() == place.rollouts()
        && hasRewards(report, rewards(place))
        && report.learner().isPresent() == place.learner();
  }

  private boolean hasRewards(NodeReport report, int each) {
    return report.rewards().size() == (each * verifiers.size())
        && verifiers.stream()
            .allMatch(
                verifier ->
                    report.rewards().stream()
                            .filter(reward -> reward.verifier().equals(verifier.ref()))
                            .count()
                        == each);
  }

  private int rewards(Place place) {
    return place.rewards() ? specification.reward().actors() : 0;
  }

  /** Nodes compare with a shadow that is wanted no more. */
  void sayVerifiersAgain() {
    places.values().stream().filter(Place::rewards).forEach(this::enlist);
  }

  private void tellRewards() {
    List<RewardAddress> all = rewards();
    for (Place place : places.values()) {
      if (place.rollouts() > 0 || hasRollouts(place)) {
        place.ref().tell(new NodeActor.RewardsOfRun(run, term, all));
      }
    }
  }

  /** A node that shall have none finishes what its samplers hold, and needs verdicts for it. */
  private boolean hasRollouts(Place place) {
    NodeReport report = reports.get(place.node());
    return report != null && !report.rollouts().isEmpty();
  }

  private List<RewardAddress> rewards() {
    return reports.values().stream().flatMap(report -> report.rewards().stream()).toList();
  }

  /** Some node's reward actor answers nobody: its own node knows which it is. */
  void unresponsive(ActorRef<RewardActor.Command> reward) {
    reports.values().stream()
        .filter(
            report -> report.rewards().stream().anyMatch(address -> address.actor().equals(reward)))
        .map(report -> places.get(report.node()))
        .forEach(
            place -> {
              if (place != null) {
                place.ref().tell(new NodeActor.Unresponsive(run, reward));
              }
            });
  }

  Optional<ActorRef<LearnerActor.Command>> learner() {
    return reports.values().stream().flatMap(report -> report.learner().stream()).findFirst();
  }

  /** Rollout actors that have begun, by name. */
  SortedMap<String, ActorRef<RolloutActor.Command>> rollouts() {
    TreeMap<String, ActorRef<RolloutActor.Command>> rollouts = new TreeMap<>();
    reports
        .values()
        .forEach(
            report ->
                report
                    .rollouts()
                    .forEach(rollout -> rollouts.put(rollout.name(), rollout.rollout())));
    return rollouts;
  }

  RunPresence present() {
    return new RunPresence(
        places.keySet(),
        learner().isPresent(),
        List.copyOf(rollouts().keySet()),
        places.values().stream().mapToInt(Place::rollouts).sum(),
        !rewards().isEmpty());
  }
}
