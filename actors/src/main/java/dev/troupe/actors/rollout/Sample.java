package dev.troupe.actors.rollout;

import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.TrajectoryId;

/**
 * One trajectory to be sampled.
 *
 * @param greedy the most likely token each time, for evaluations
 */
public record Sample(TrajectoryId id, Lease lease, Task task, boolean greedy) {}
