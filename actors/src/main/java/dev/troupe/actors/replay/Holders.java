package dev.troupe.actors.replay;

import dev.troupe.actors.rollout.RolloutActor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Who asks for work and how much they were given. Demand comes as running sums, so that one that is
 * repeated, or crosses with a grant, asks for nothing twice.
 */
final class Holders {
  private static final class Holder {
    private final ActorRef<RolloutActor.Command> rollout;
    private final long life;
    private long given;
    private boolean begins;

    private Holder(ActorRef<RolloutActor.Command> rollout, long life, long given) {
      this.rollout = rollout;
      this.life = life;
      this.given = given;
    }
  }

  private final Map<String, Holder> holders = new HashMap<>();

  /** Whether what an earlier life of this holder had is lost. */
  boolean isNewLife(ReplayActor.Demand demand) {
    Holder known = holders.get(demand.holder());
    return known == null
        ? demand.received() == 0 && demand.held().isEmpty()
        : known.life != demand.life();
  }

  /** Notes the demand; returns how many trajectories may be granted now. */
  int open(ReplayActor.Demand demand) {
    Holder known = holders.get(demand.holder());
    if (known == null || known.life != demand.life()) {
      boolean begins = known == null && demand.received() == 0;
      known = new Holder(demand.rollout(), demand.life(), demand.received());
      known.begins = begins;
      holders.put(demand.holder(), known);
    }
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, demand.wanted() - known.given));
  }

  void granted(String holder, int trajectories) {
    Holder known = holders.get(holder);
    if (known != null) {
      known.given += trajectories;
    }
  }

  /** Whether it is given its first work, and is nobody who had to begin anew; true once. */
  boolean begins(String holder) {
    Holder known = holders.get(holder);
    if (known == null || !known.begins) {
      return false;
    }
    known.begins = false;
    return true;
  }

  Optional<ActorRef<RolloutActor.Command>> find(String holder) {
    return Optional.ofNullable(holders.get(holder)).map(known -> known.rollout);
  }
}
