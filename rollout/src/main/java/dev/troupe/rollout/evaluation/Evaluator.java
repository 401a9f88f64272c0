package dev.troupe.rollout.evaluation;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.rollout.sampling.CompletionSampler;
import dev.troupe.rollout.sampling.SampleRequest;
import dev.troupe.rollout.verify.VerifierRunner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Evaluates a policy through the same sampler and verifier that training uses. */
public final class Evaluator {
  /** Greedy samples stand outside the ledger and draw nothing: their ids only number them. */
  private static final long GROUP = 0;

  private static final LeaseId LEASE = new LeaseId(1, 1);

  private Evaluator() {}

  /**
   * Answers every task greedily with the sampler's policy and judges the answers. Blocks until all
   * verdicts are there; each comes within the verifier's time limit.
   *
   * @param sampler idle, with a policy; called on this thread, which owns it
   * @param verifier holds back answers while its queue is full
   */
  public static Evaluation greedy(
      CompletionSampler sampler, VerifierRunner verifier, List<Task> tasks) {
    if (!sampler.idle()) {
      throw new IllegalStateException("a sampler must be idle before it evaluates");
    }
    PolicyVersion version =
        sampler
            .version()
            .orElseThrow(() -> new IllegalStateException("no policy to evaluate; use() one"));
    Map<Integer, Evaluation.Sample> samples = new TreeMap<>();
    Deque<Verdict> verdicts = new ArrayDeque<>();
    int submitted = 0;
    while (submitted < tasks.size() || !sampler.idle()) {
      while (submitted < tasks.size() && sampler.freeLanes() > 0) {
        TrajectoryId id = new TrajectoryId(GROUP, submitted);
        sampler.submit(new SampleRequest(id, LEASE, 1, tasks.get(submitted), true));
        submitted++;
      }
      for (Trajectory trajectory : sampler.advance()) {
        if (verdicts.size() >= verifier.capacity()) {
          verdicts.remove().await(samples);
        }
        Task task = tasks.get(trajectory.id().member());
        verdicts.add(
            new Verdict(task, trajectory, verifier.verify(task, trajectory).toCompletableFuture()));
      }
    }
    verdicts.forEach(verdict -> verdict.await(samples));
    return new Evaluation(version, List.copyOf(samples.values()));
  }

  private record Verdict(Task task, Trajectory trajectory, CompletableFuture<Outcome> outcome) {
    void await(Map<Integer, Evaluation.Sample> samples) {
      samples.put(
          trajectory.id().member(), new Evaluation.Sample(task, trajectory, outcome.join()));
    }
  }
}
