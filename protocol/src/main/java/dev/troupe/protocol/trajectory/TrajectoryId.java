package dev.troupe.protocol.trajectory;

/** A trajectory: member {@code member} (from 0) of group {@code group} (from 0) of the run. */
public record TrajectoryId(long group, int member) implements Comparable<TrajectoryId> {
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
