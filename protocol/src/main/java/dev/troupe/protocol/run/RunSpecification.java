package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.VerifierVersion;
import java.util.Map;
import java.util.Optional;

/**
 * A resolved recipe: everything that a node needs to take part in a run.
 *
 * @param name of the run
 * @param seed of every random stream of the run
 * @param model network and tokenizer
 * @param tasks where tasks come from
 * @param sampling how completions are drawn
 * @param reward who judges, and what happens on failure
 * @param replay batches, lag, leases, journal
 * @param sft supervised warm-up
 * @param learner reinforcement learning
 * @param evaluation held-out evaluation
 * @param checkpoints how often and how many
 * @param stop when the run ends
 * @param runtime threads and devices
 * @param files what the recipe named: path as written to content hash (SHA-256, hex) in {@code
 *     files/}
 * @param control what a run in environments is about; then model, tasks, sampling, sft and learner
 *     mean nothing
 */
public record RunSpecification(
    String name,
    long seed,
    ModelSpecification model,
    TaskSpecification tasks,
    SamplingSpecification sampling,
    RewardSpecification reward,
    ReplaySpecification replay,
    SftSpecification sft,
    LearnerSpecification learner,
    EvaluationSpecification evaluation,
    CheckpointSpecification checkpoints,
    StopSpecification stop,
    RuntimeSpecification runtime,
    Map<String, String> files,
    Optional<ControlRun> control) {
  public RunSpecification {
    Check.notBlank("name", name);
    files = Map.copyOf(files);
  }

  /** A run with a language model. */
  public RunSpecification(
      String name,
      long seed,
      ModelSpecification model,
      TaskSpecification tasks,
      SamplingSpecification sampling,
      RewardSpecification reward,
      ReplaySpecification replay,
      SftSpecification sft,
      LearnerSpecification learner,
      EvaluationSpecification evaluation,
      CheckpointSpecification checkpoints,
      StopSpecification stop,
      RuntimeSpecification runtime,
      Map<String, String> files) {
    this(
        name,
        seed,
        model,
        tasks,
        sampling,
        reward,
        replay,
        sft,
        learner,
        evaluation,
        checkpoints,
        stop,
        runtime,
        files,
        Optional.empty());
  }

  /** The same, judged by another verifier. */
  public RunSpecification judgedBy(VerifierVersion verifier) {
    return new RunSpecification(
        name,
        seed,
        model,
        tasks,
        sampling,
        reward.judgedBy(verifier),
        replay,
        sft,
        learner,
        evaluation,
        checkpoints,
        stop,
        runtime,
        files,
        control);
  }

  /** The same with other files. */
  public RunSpecification withFiles(Map<String, String> others) {
    return new RunSpecification(
        name,
        seed,
        model,
        tasks,
        sampling,
        reward,
        replay,
        sft,
        learner,
        evaluation,
        checkpoints,
        stop,
        runtime,
        others,
        control);
  }
}
