package dev.troupe.actors.node;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a run has on a node.
 *
 * @param node its name
 * @param term of the run's life that asked for it
 */
public record NodeReport(
    String node,
    long term,
    List<Rollout> rollouts,
    List<RewardAddress> rewards,
    Optional<ActorRef<LearnerActor.Command>> learner) {
  public NodeReport {
    rollouts = List.copyOf(rollouts);
    rewards = List.copyOf(rewards);
  }

  /** Whether the run has nothing there any more. */
  public boolean isEmpty() {
    return rollouts.isEmpty() && rewards.isEmpty() && learner.isEmpty();
  }

  /**
   * A rollout actor that has begun.
   *
   * @param life a new one has forgotten what the earlier one was told
   */
  public record Rollout(String name, ActorRef<RolloutActor.Command> rollout, long life) {}
}
