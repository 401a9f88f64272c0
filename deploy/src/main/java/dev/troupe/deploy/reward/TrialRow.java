package dev.troupe.deploy.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.Optional;

/**
 * An answer to try a verifier on.
 *
 * @param where it stands, for people
 * @param known what somebody said of it before
 */
public record TrialRow(String where, Task task, Trajectory trajectory, Optional<Outcome> known) {}
