package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
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
    Check.atLeast("attempt", 1, attempt);
    Check.that(
        !versions.isEmpty() && versions.getFirst().fromToken() == 0,
        "versions",
        "a list whose first span starts at token 0",
        versions);
    for (int i = 1; i < versions.size(); i++) {
      Check.that(
          versions.get(i - 1).fromToken() < versions.get(i).fromToken(),
          "versions",
          "spans in ascending order of their first tokens",
          versions);
    }
  }

  /** The oldest behaviour version: its distance to the learner is the policy lag. */
  public PolicyVersion behaviour() {
    return versions.getFirst().version();
  }
}
