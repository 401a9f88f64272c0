package dev.troupe.actors.cluster;

/** Hears how one node sees the members of its cluster, on one of that node's threads. */
public interface MemberWatcher {
  /** {@code member} belongs to the cluster, as all have agreed. */
  void up(HostPort member);

  /** {@code member} doesn't answer those who look after it. */
  void unreachable(HostPort member);

  /** {@code member} left, or was removed. */
  void removed(HostPort member);
}
