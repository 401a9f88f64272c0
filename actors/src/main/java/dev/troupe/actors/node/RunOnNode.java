package dev.troupe.actors.node;

import dev.troupe.actors.FirstCause;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.learner.LearnerSurroundings;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.run.RunSpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** What one run has on this node; the hands of {@link NodeActor}, on its thread. */
final class RunOnNode {
  private static final int TICKS_TO_REPORT = 8;

  /** Replacements of reward actors before the run fails. */
  private static final int REPLACEMENTS_MAX = 1_000;

  private final ActorContext<NodeActor.Command> context;
  private final NodeSurroundings with;
  private final RunPeers peers;
  private final PolicyShelf shelf = new PolicyShelf();
  private final ActorRef<PolicyCache.Command> cache;
  private final FilesOfRun files;
  private final RewardsOnNode rewards;

  /** By name; the reference may be of a child that is on its way out. */
  private final TreeMap<String, ActorRef<RolloutActor.Command>> rollouts = new TreeMap<>();

  private final Map<String, ActorRef<RolloutActor.Command>> retiring = new LinkedHashMap<>();
  private List<RewardAddress> rewardsOfRun = List.of();
  private final TreeMap<String, NodeReport.Rollout> begun = new TreeMap<>();
  private @Nullable ActorRef<LearnerActor.Command> learner;
  private boolean learnerLeaves;
  private Optional<String> cannotLearn = Optional.empty();
  private NodeActor.Enlist wanted;
  private final LongSupplier names;
  private Optional<NodeReport> reported = Optional.empty();
  private long ticks;
  private int replacements;

  /**
   * @param names numbers for names of children, never one twice on this node
   */
  RunOnNode(
      ActorContext<NodeActor.Command> context,
      NodeSurroundings with,
      LongSupplier names,
      NodeActor.Enlist first) {
    this.context = context;
    this.with = with;
    this.names = names;
    this.wanted = first;
    this.peers = new RunPeers(first.singletons());
    this.files = new FilesOfRun(context, with, first.run(), peers);
    PolicyCache.Transfer transfer = new PolicyCache.Transfer(first.run(), with.weights());
    this.cache =
        watched(context.spawn(PolicyCache.create(shelf, peers, transfer), childName("cache")));
    this.rewards = new RewardsOnNode(with, peers, this::spawnReward, context::stop);
  }

  private String childName(String what) {
    return wanted.run().replaceAll("[^A-Za-z0-9_-]", "_") + "-" + what + "-" + names.getAsLong();
  }

  private <T> ActorRef<T> watched(ActorRef<T> child) {
    context.watch(child);
    return child;
  }

  long term() {
    return wanted.term();
  }

  NodeActor.Enlist wanted() {
    return wanted;
  }

  boolean hasLearner() {
    return learner != null;
  }

  /** Why the learner that is wanted here can't be, empty if it can. */
  Optional<String> cannotLearn() {
    return cannotLearn;
  }

  boolean isEmpty() {
    return rollouts.isEmpty() && retiring.isEmpty() && rewards.isEmpty() && learner == null;
  }

  /** {@code enlist}, but with nothing for this node to do. */
  NodeActor.Enlist emptied(NodeActor.Enlist enlist) {
    return new NodeActor.Enlist(
        enlist.run(),
        enlist.term(),
        enlist.specification(),
        enlist.singletons(),
        0,
        0,
        false,
        enlist.token(),
        enlist.verifiers(),
        enlist.shadow());
  }

  /** Makes it so. */
  void want(NodeActor.Enlist enlist) {
    boolean moved = enlist.term() > wanted.term();
    wanted = enlist;
    if (moved) {
      peers.pointTo(enlist.singletons());
      cache.tell(new PolicyCache.Rejoin());
    }
    files.begin();
    rollouts();
    rewards();
    learner(moved);
    report(moved);
  }

  /** What there is of it; said when it changes, and now and then in case it was not heard. */
  private void report(boolean again) {
    NodeReport report =
        new NodeReport(
            with.name(),
            wanted.term(),
            List.copyOf(begun.values()),
            rewards.all(),
            Optional.ofNullable(learner));
    if (again || !reported.equals(Optional.of(report))) {
      reported = Optional.of(report);
      peers.run().tell(new RunActor.NodeReported(report));
    }
  }

  void tick() {
    if (files.tick()) {
      want(wanted);
    }
    report(++ticks % TICKS_TO_REPORT == 0);
  }

  void fileCame(String hash, Optional<String> trouble) {
    files.came(hash, trouble);
    if (trouble.isEmpty()) {
      want(wanted);
    }
  }

  private void rollouts() {
    for (int i = rollouts.size() - 1; i >= wanted.rollouts(); i--) {
      Map.Entry<String, ActorRef<RolloutActor.Command>> last = rollouts.pollLastEntry();
      if (last != null) {
        retiring.put(last.getKey(), last.getValue());
        last.getValue().tell(new RolloutActor.Retire());
      }
    }
    RunSpecification specification = wanted.specification();
    for (int i = 0; rollouts.size() < wanted.rollouts(); i++) {
      String name = with.name() + "/rollout-" + i;
      if (!files.areHere(specification, Role.ROLLOUT, name)) {
        return;
      }
      if (!rollouts.containsKey(name) && !retiring.containsKey(name)) {
        RolloutActor.Surroundings surroundings =
            new RolloutActor.Surroundings(
                wanted.run(),
                name,
                with.workshop().samplers(specification),
                shelf,
                peers,
                cache,
                context.getSelf(),
                specification.reward(),
                specification.replay().leaseLimit(),
                with.crashHook(),
                with.nanos());
        rollouts.put(
            name,
            watched(context.spawn(RolloutActor.create(surroundings), childName("rollout-" + i))));
      }
    }
  }

  /** Those of a node that leaves stay for what its samplers hold: nobody else may be there. */
  private void rewards() {
    boolean last = wanted.rewards() == 0 && !(rollouts.isEmpty() && retiring.isEmpty());
    if (wanted.rewards() == 0
        || files.areHere(wanted.specification(), Role.REWARD, with.name() + "/reward")) {
      rewards.want(wanted, last);
    }
  }

  private ActorRef<RewardActor.Command> spawnReward(Behavior<RewardActor.Command> reward) {
    return watched(context.spawn(reward, childName("reward")));
  }

  private void learner(boolean moved) {
    cannotLearn = Optional.empty();
    ActorRef<LearnerActor.Command> here = learner;
    if (here == null && wanted.learner()) {
      cannotLearn = with.workshop().cannotLearn(wanted.run(), wanted.token());
      if (cannotLearn.isPresent()) {
        String words = "node [" + with.name() + "] can't learn: " + cannotLearn.get();
        peers.monitor().tell(new MonitorActor.Seen(LearnerActor.NAME, 0, words));
        return;
      }
      if (!files.areHere(wanted.specification(), Role.LEARNER, LearnerActor.NAME)) {
        return;
      }
      LearnerSurroundings surroundings =
          new LearnerSurroundings(
              wanted.specification(),
              with.workshop().learners(wanted.run(), wanted.specification()),
              shelf,
              peers,
              with.crashHook(),
              with.nanos());
      here = watched(context.spawn(LearnerActor.create(surroundings), childName("learner")));
      learner = here;
      learnerLeaves = false;
    } else if (here != null && !wanted.learner() && !learnerLeaves) {
      learnerLeaves = true;
      here.tell(new LearnerActor.Leave());
    } else if (here != null && moved) {
      here.tell(new LearnerActor.Introduce());
    }
  }

  void rolloutBegan(String name, ActorRef<RolloutActor.Command> rollout, long life) {
    begun.put(name, new NodeReport.Rollout(name, rollout, life));
    rollout.tell(new RolloutActor.Rewards(rewardsOfRun));
    report(false);
  }

  void rewardsOfRun(List<RewardAddress> all) {
    rewardsOfRun = all;
    begun.values().forEach(rollout -> rollout.rollout().tell(new RolloutActor.Rewards(all)));
  }

  /** It is replaced where it lives. */
  void unresponsive(ActorRef<RewardActor.Command> reward) {
    if (rewards.find(reward).isPresent()) {
      context.stop(reward);
      replace(reward, "it gave no answer");
    } else if (!reward.path().address().equals(context.getSelf().path().address())) {
      peers.run().tell(new RunActor.RewardUnresponsive(reward));
    }
  }

  private void replace(ActorRef<?> reward, String cause) {
    Optional<RewardAddress> gone = rewards.find(reward);
    if (gone.isPresent()) {
      rewards.forget(gone.get());
      peers
          .monitor()
          .tell(new MonitorActor.Restarted(with.name() + "/" + reward.path().name(), cause));
      if (++replacements > REPLACEMENTS_MAX) {
        fail("more than [" + REPLACEMENTS_MAX + "] reward actors failed; last: " + cause);
      } else {
        rewards();
        report(false);
      }
    }
  }

  private void fail(String why) {
    peers.run().tell(new RunActor.Fail("on node [" + with.name() + "]: " + why));
  }

  /** What the samplers hold is granted to others. */
  void giveBack() {
    peers.replay().tell(new ReplayActor.NodeLost(with.name()));
    rollouts.values().forEach(context::stop);
    retiring.values().forEach(context::stop);
    rollouts.forEach(retiring::put);
    rollouts.clear();
  }

  /** A child, perhaps of this run, has ended. */
  void ended(Terminated ended) {
    String cause =
        ended instanceof ChildFailed failed ? FirstCause.words(failed.getCause()) : "it stopped";
    boolean retired =
        retiring.entrySet().removeIf(entry -> isEnded(ended, entry.getKey(), entry.getValue()));
    if (retired) {
      want(wanted);
    } else if (rewards.find(ended.getRef()).isPresent()) {
      replace(ended.getRef(), cause);
    } else if (rollouts.values().stream().anyMatch(rollout -> isOf(ended, rollout))
        || isOf(ended, cache)) {
      fail("actor [" + ended.getRef().path().name() + "] failed again and again: " + cause);
    } else if (learner != null && isOf(ended, learner)) {
      learner = null;
      if (ended instanceof ChildFailed) {
        fail("the learner failed again and again: " + cause);
      } else if (learnerLeaves) {
        // Another head may have wanted it again while it was leaving.
        want(wanted);
      } else {
        report(false);
      }
    }
  }

  private boolean isEnded(Terminated ended, String name, ActorRef<RolloutActor.Command> rollout) {
    boolean is = isOf(ended, rollout);
    if (is) {
      begun.remove(name);
    }
    return is;
  }

  private static boolean isOf(Terminated ended, ActorRef<?> child) {
    return ended.getRef().path().equals(child.path());
  }

  /** The run wants nothing any more. */
  void dismiss() {
    rollouts.values().forEach(context::stop);
    retiring.values().forEach(context::stop);
    rewards.stopAll();
    context.stop(cache);
    if (learner != null) {
      context.stop(learner);
    }
    close();
  }

  void close() {
    files.close();
    shelf.close();
  }

  NodeActor.Children children() {
    return new NodeActor.Children(
        begun.values().stream().map(NodeReport.Rollout::rollout).toList(),
        rewards.all().stream().map(RewardAddress::actor).toList(),
        Optional.of(cache),
        Optional.ofNullable(learner));
  }
}
