package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;

/** A trajectory: member {@code member} (from 0) of group {@code group} (from 0) of the run. */
public record TrajectoryId(long group, int member) implements Comparable<TrajectoryId> {
  public TrajectoryId {
    Check.atLeast("group", 0, group);
    Check.atLeast("member", 0, member);
  }

  @Override
  public int compareTo(TrajectoryId other) {
    int byGroup = Long.compare(group, other.group);
    return byGroup != 0 ? byGroup : Integer.compare(member, other.member);
  }

  /** For example {@code 12.3}. */
  @Override
  public String toString() {
    return group + "." + member;
  }
}
