package dev.troupe.actors.reward;

import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.batch.JudgedTrajectory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/** What came in one message, and how much of it is still to be judged. On any thread. */
final class Round {
  /** A verdict of this round. */
  record Verdict(Round round, long evaluation, JudgedTrajectory judged) {}

  private final ActorRef<RolloutActor.Command> rollout;
  private final AtomicInteger open;

  /**
   * {@code requests} of it were asked for, and whoever asks counts as one more until it is done.
   */
  Round(ActorRef<RolloutActor.Command> rollout, int requests) {
    this.rollout = rollout;
    this.open = new AtomicInteger(requests + 1);
  }

  ActorRef<RolloutActor.Command> rollout() {
    return rollout;
  }

  /** One more is over; true for the last. */
  boolean over() {
    return open.decrementAndGet() == 0;
  }
}
