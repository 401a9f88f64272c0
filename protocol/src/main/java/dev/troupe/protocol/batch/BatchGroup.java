package dev.troupe.protocol.batch;

import dev.troupe.protocol.lease.Group;
import java.util.List;

/** A group's trajectories that were scored, by member. */
public record BatchGroup(Group group, List<JudgedTrajectory> trajectories) {
  public BatchGroup {
    trajectories = List.copyOf(trajectories);
  }
}
