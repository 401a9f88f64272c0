package dev.troupe.actors.ledger;

import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;

/** What batch {@code number} consists of, in order; the content lies in the journal. */
public record BatchPlan(long number, List<PlannedGroup> groups) {
  public BatchPlan {
    groups = List.copyOf(groups);
  }

  /** Ids of all trajectories, in the order of the batch. */
  public List<TrajectoryId> ids() {
    return groups.stream().flatMap(group -> group.ids().stream()).toList();
  }

  /** A group's members in this batch. */
  public record PlannedGroup(Group group, List<TrajectoryId> ids) {
    public PlannedGroup {
      ids = List.copyOf(ids);
    }
  }
}
