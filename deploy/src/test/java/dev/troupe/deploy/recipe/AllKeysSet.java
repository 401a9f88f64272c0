package dev.troupe.deploy.recipe;

import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RopeScaling;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A recipe that sets every key that can be set together, and what it must become. */
final class AllKeysSet {
  static final String TEXT =
      """
      name = everything
      seed = 11
      model {
        hidden = 96, layers = 2, heads = 6, kv-heads = 3, head-size = 16, feed-forward = 256
        positions = 48, rope-theta = 500000, norm-epsilon = 1e-6, tied = false, init-std = 0.01
        tokenizer = bytes, init-from = weights, attention-bias = true, feed-forward-bias = true
        rope-scaling { factor = 8, low-frequency = 2, high-frequency = 5, positions = 32 }
      }
      tasks {
        source = jsonl, file = "tasks.jsonl", prompt-template = "Q: {question}"
        answer-field = solution, difficulty-field = level, held-out = 20
      }
      sampling {
        temperature = 0.9, max-new-tokens = 16, stop = ["\\n"]
        lanes = 32, tokens-per-call = 8, switching = between-tokens
      }
      reward {
        verifier = gsm8k, version = "1", settings { extract = strict }, time-limit = 250 ms, actors = 2, workers = 4
        queue-max = 100, attempts-max = 2, on-failed-member = drop-member, failure-budget = 5
        failure-budget-share = 0.5, artificial-delay = 50 ms, past-budget = fail
        trial { trajectories = 64, max-failure-rate = 0.25, max-disagreement = 0.5 }
      }
      replay {
        groups = 16, group-size = 4, max-policy-lag = 3, reuse = 2, on-straggler = hold
        filter-uniform = true, orphans = drop, lease-limit = 2 minutes
        journal { segment = 1 MiB, retain = since-oldest-checkpoint, free-disk-min = 100 MiB }
      }
      sft {
        steps = 10, batch = 32, corpus = jsonl, file = corpus.jsonl, learning-rate = 2e-3
        beta1 = 0.8, beta2 = 0.99, epsilon = 1e-6, weight-decay = 0.1, warmup-steps = 3
        schedule = linear, minimum-share = 0.2, clip-norm = 0.5
      }
      learner {
        advantage = rloo, discount = 0.99, loss = mine.py, clip-low = 0.1, clip-high = 0.3
        dual-clip = 3, old-policy = recomputed, importance = none, importance-cap = 5
        kl = k3, kl-coefficient = 0.01, entropy-coefficient = 0.001
        aggregation = constant-length, constant-length = 16, epochs = 2, minibatches = 4
        micro-batch = 8, non-finite-budget = 3
        learning-rate = 1e-4, beta1 = 0.7, beta2 = 0.98, epsilon = 1e-7, weight-decay = 0.2
        warmup-steps = 4, schedule = cosine, minimum-share = 0.3, clip-norm = 2
      }
      evaluation { every = 5, tasks-max = 10 }
      checkpoints { every = 7, keep = 2 }
      stop {
        updates = 50, trajectories = 1000, wall-time = 1 h, accuracy = 0.97
        evaluations-without-improvement = 6
      }
      runtime {
        rollout-actors = 2, learner-threads = 3, sampler-device = "cuda:0"
        learner-device = "cuda:1", stall-after = 10 s, share = 2.5
      }
      """;

  private AllKeysSet() {}

  static RunSpecification expected(Path folder, String fileHash) {
    return new RunSpecification(
        "everything",
        11,
        new ModelSpecification(
            96,
            2,
            6,
            3,
            16,
            256,
            48,
            500_000,
            1e-6,
            false,
            0.01,
            new ModelSpecification.Tokenizer.Bytes(),
            folder.resolve("weights").toString(),
            true,
            true,
            new RopeScaling(8, 2, 5, 32)),
        new TaskSpecification.Jsonl("tasks.jsonl", "Q: {question}", "solution", "level", 20),
        new SamplingSpecification(
            0.9, 0, 1, 16, List.of("\n"), 32, 8, SamplingSpecification.Switching.BETWEEN_TOKENS),
        new RewardSpecification(
            "gsm8k",
            "1",
            "{\"extract\":\"strict\"}",
            Duration.ofMillis(250),
            2,
            4,
            100,
            2,
            RewardSpecification.OnFailedMember.DROP_MEMBER,
            5,
            0.5,
            Duration.ofMillis(50),
            RewardSpecification.PastBudget.FAIL,
            new RewardSpecification.Trial(64, 0.25, 0.5)),
        new ReplaySpecification(
            16,
            4,
            3,
            2,
            ReplaySpecification.OnStraggler.HOLD,
            true,
            ReplaySpecification.Orphans.DROP,
            Duration.ofMinutes(2),
            1L << 20,
            ReplaySpecification.JournalRetain.SINCE_OLDEST_CHECKPOINT,
            100L << 20),
        new SftSpecification(
            10,
            32,
            new SftSpecification.Corpus.Jsonl("corpus.jsonl"),
            new OptimizerSpecification(
                2e-3, 0.8, 0.99, 1e-6, 0.1, 3, OptimizerSpecification.Schedule.LINEAR, 0.2, 0.5)),
        new LearnerSpecification(
            LearnerSpecification.Advantage.RLOO,
            0.99,
            "mine.py",
            0.1,
            0.3,
            3,
            LearnerSpecification.OldPolicy.RECOMPUTED,
            LearnerSpecification.Importance.NONE,
            5,
            LearnerSpecification.Kl.K3,
            0.01,
            0.001,
            LearnerSpecification.Aggregation.CONSTANT_LENGTH,
            16,
            2,
            4,
            8,
            LearnerSpecification.Compute.FLOAT32,
            3,
            new OptimizerSpecification(
                1e-4, 0.7, 0.98, 1e-7, 0.2, 4, OptimizerSpecification.Schedule.COSINE, 0.3, 2)),
        new EvaluationSpecification(5, 10),
        new CheckpointSpecification(7, 2),
        new StopSpecification(50, 1000, Duration.ofHours(1), 0.97, 6),
        new RuntimeSpecification(2, 3, "cuda:0", "cuda:1", Duration.ofSeconds(10), 2.5),
        Map.of("tasks.jsonl", fileHash, "mine.py", fileHash, "corpus.jsonl", fileHash));
  }
}
