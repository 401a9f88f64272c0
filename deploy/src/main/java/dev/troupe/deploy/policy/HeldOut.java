package dev.troupe.deploy.policy;

import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.rollout.evaluation.Evaluation;
import dev.troupe.rollout.evaluation.Evaluator;
import dev.troupe.rollout.sampling.CompletionSampler;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.VerifierRunner;
import dev.troupe.rollout.verify.Verifiers;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;

/** Evaluates a policy on the held-out tasks of its recipe. */
public final class HeldOut {
  private HeldOut() {}

  /** Greedy answers to at most {@code tasksMax} tasks, judged by the recipe's verifier. */
  public static Evaluation evaluate(TrainedPolicy policy, int tasksMax) {
    RunSpecification run = policy.recipe().specification();
    TaskSource source = TaskSources.of(run.tasks(), run.seed(), policy.recipe().files());
    List<Task> tasks =
        IntStream.range(0, Math.min(tasksMax, source.heldOutCount()))
            .mapToObj(source::heldOut)
            .toList();
    ThreadFactory threads = Thread.ofPlatform().daemon().name("verifier-", 0).factory();
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(threads);
        VerifierRunner verifier =
            new VerifierRunner(Verifiers.of(run.reward()), run.reward(), threads, Timer.on(clock));
        CompletionSampler sampler =
            new CompletionSampler(
                policy.network(),
                policy.tokenizer(),
                run.sampling(),
                run.seed(),
                run.runtime().samplerDevice())) {
      sampler.use(policy.snapshot());
      return Evaluator.greedy(sampler, verifier, tasks);
    }
  }
}
