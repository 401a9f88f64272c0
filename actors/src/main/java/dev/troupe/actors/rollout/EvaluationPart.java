package dev.troupe.actors.rollout;

import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One actor's share of an evaluation: task i of it is trajectory i.0, outside the ledger. */
final class EvaluationPart {
  private static final int VERDICTS_IN_MESSAGE = 16;

  private final RolloutActor.Evaluate order;
  private final Duration leaseLimit;
  private final TreeMap<TrajectoryId, JudgedTrajectory> verdicts = new TreeMap<>();

  EvaluationPart(RolloutActor.Evaluate order, Duration leaseLimit) {
    this.order = order;
    this.leaseLimit = leaseLimit;
  }

  RolloutActor.Evaluate order() {
    return order;
  }

  List<Sample> samples() {
    return IntStream.range(0, order.tasks().size()).mapToObj(this::sample).toList();
  }

  private Sample sample(int index) {
    Task task = order.tasks().get(index);
    Group group = new Group(index, task, 1, order.verifier());
    LeaseId id = new LeaseId(1, order.key());
    Lease lease = new Lease(id, group, IntArray.of(0), 1, leaseLimit);
    return new Sample(new TrajectoryId(index, 0), lease, task, Optional.empty(), true);
  }

  Task task(TrajectoryId id) {
    return order.tasks().get((int) id.group());
  }

  /** Whether this was the last one. */
  boolean judged(JudgedTrajectory verdict) {
    verdicts.put(verdict.trajectory().id(), verdict);
    return verdicts.size() == order.tasks().size();
  }

  /** In the order of the tasks, in messages of a size that crosses nodes. */
  List<RunActor.EvaluationPartDone> results() {
    List<JudgedTrajectory> all = List.copyOf(verdicts.values());
    List<RunActor.EvaluationPartDone> results = new ArrayList<>();
    for (int from = 0; from < all.size(); from += VERDICTS_IN_MESSAGE) {
      int to = Math.min(all.size(), from + VERDICTS_IN_MESSAGE);
      results.add(
          new RunActor.EvaluationPartDone(
              order.evaluation(), order.part(), from, all.subList(from, to)));
    }
    return results;
  }
}
