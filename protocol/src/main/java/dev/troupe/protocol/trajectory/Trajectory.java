package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.List;

/**
 * The record of an episode.
 *
 * @param id which trajectory of the run this is
 * @param lease under which it was made
 * @param attempt of that work, from 1
 * @param versions behaviour versions, oldest first, the first from token 0; never empty
 * @param body what happened
 */
public record Trajectory(
    TrajectoryId id, LeaseId lease, int attempt, List<VersionSpan> versions, TrajectoryBody body) {
  public Trajectory {
    versions = List.copyOf(versions);
    if (versions.isEmpty() || versions.getFirst().fromToken() != 0) {
      throw new IllegalArgumentException(
          "trajectory " + id + " must name the version of its first token, got " + versions);
    }
  }

  /** The oldest behaviour version: its distance to the learner is the policy lag. */
  public PolicyVersion behaviour() {
    return versions.getFirst().version();
  }
}
