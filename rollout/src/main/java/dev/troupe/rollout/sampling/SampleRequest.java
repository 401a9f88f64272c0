package dev.troupe.rollout.sampling;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.TrajectoryId;

/**
 * A completion to be sampled.
 *
 * @param id which trajectory it becomes; its group, member and the run's seed decide every draw
 * @param lease under which it is made
 * @param attempt of that work, from 1; the draws don't depend on it
 * @param task with a prompt
 * @param greedy always take the likeliest token
 */
public record SampleRequest(
    TrajectoryId id, LeaseId lease, int attempt, Task task, boolean greedy) {}
