package dev.troupe.actors.simulation;

import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;
import java.util.Optional;

/** What processes say to each other; any of it may be lost, late, doubled or out of order. */
sealed interface Message {
  // To a head.
  record Demand(Party.Address worker, int wanted, List<LeaseId> held) implements Message {}

  record Offer(Party.Address worker, JudgedTrajectory judged) implements Message {}

  /** Somebody wants groups judged by version {@code version} of the verifier. */
  record Swap(int version) implements Message {}

  record NodeLost(String lost) implements Message {}

  record WhereToBegin(Party.Address learner) implements Message {}

  record BeginIncarnation(Party.Address learner, int incarnation, long fromUpdate, long lastBatch)
      implements Message {}

  record NextBatch(Party.Address learner, int incarnation, long number) implements Message {}

  record Updated(PolicyVersion version, long batch) implements Message {}

  record CheckpointWritten(
      Party.Address learner, int incarnation, CheckpointRef checkpoint, long lastBatch)
      implements Message {}

  record Publish(PolicyVersion version) implements Message {}

  record JoinCache(Party.Address worker, Optional<PolicyVersion> has) implements Message {}

  // To workers and learners.
  record HeadIs(Head head, int epoch) implements Message {}

  // To a worker.
  record Work(Effect.Grant grant) implements Message {}

  record Unwanted(LeaseId lease, List<TrajectoryId> ids) implements Message {}

  record Received(TrajectoryId id, int attempt) implements Message {}

  record Announce(PolicyVersion version) implements Message {}

  // To a learner.
  record BeginFrom(int incarnation, Optional<Committed> commit) implements Message {}

  record Begun(int incarnation) implements Message {}

  record BatchReady(BatchPlan plan) implements Message {}

  record CheckpointCounts(CheckpointRef checkpoint) implements Message {}

  record Refused(int incarnation) implements Message {}
}
