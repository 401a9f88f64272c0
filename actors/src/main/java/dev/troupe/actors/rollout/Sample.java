package dev.troupe.actors.rollout;

import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.Optional;

/**
 * One trajectory to be sampled.
 *
 * @param from where its sampler goes on, if it begins with this
 * @param greedy the most likely token each time, for evaluations
 */
public record Sample(
    TrajectoryId id, Lease lease, Task task, Optional<EnvironmentState> from, boolean greedy) {}
