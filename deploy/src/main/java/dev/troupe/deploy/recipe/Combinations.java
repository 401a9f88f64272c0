package dev.troupe.deploy.recipe;

import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;

/** What keys must obey together. Each rule names the key to change and says why. */
final class Combinations {
  private final Values values;
  private final RunSpecification run;
  private final Processor processor;

  private Combinations(Values values, RunSpecification run, Processor processor) {
    this.values = values;
    this.run = run;
    this.processor = processor;
  }

  /** Adds what is wrong to {@code values}; every key by itself must be right already. */
  static void check(Values values, RunSpecification run, Processor processor) {
    Combinations combinations = new Combinations(values, run, processor);
    combinations.ofOtherKind();
    if (run.control().isPresent()) {
      new ControlCombinations(values, run, run.control().get()).check();
      return;
    }
    combinations.tasks();
    combinations.sampling(run.sampling());
    combinations.replay(run.replay());
    combinations.learner(run.learner());
    combinations.stop(run.stop());
    combinations.unused();
  }

  private void tasks() {
    switch (run.tasks()) {
      case TaskSpecification.Sums sums -> sums(sums);
      case TaskSpecification.Jsonl jsonl -> {
        refuseIf(jsonl.answerField().isEmpty(), "tasks.answer-field", "the name of a field", "");
        refuseIf(
            run.sft().corpus() instanceof SftSpecification.Corpus.Generated,
            "sft.corpus",
            "references or jsonl",
            "only sums can generate a corpus, and tasks.source is jsonl");
      }
    }
  }

  private void sums(TaskSpecification.Sums sums) {
    double problems = Math.pow(10, 2.0 * sums.digits()) * sums.operations().size();
    refuseIf(
        sums.heldOut() > problems / 2,
        "tasks.held-out",
        "at most half of the [" + (long) problems + "] problems",
        "the others are trained on");
    int needed = 2 * sums.digits() + 2 + 1 + run.sampling().newTokensMax();
    refuseIf(
        needed > run.model().positions(),
        "model.positions",
        "at least " + needed,
        "begin, prompt and sampling.max-new-tokens must fit");
    if (run.model().tokenizer()
        instanceof ModelSpecification.Tokenizer.Characters(String alphabet)) {
      String used = "0123456789=" + String.join("", sums.operations());
      boolean all = used.chars().allMatch(character -> alphabet.indexOf(character) >= 0);
      refuseIf(!all, "model.alphabet", "all of [" + used + "]", "sums are written with them");
    }
  }

  private void sampling(SamplingSpecification sampling) {
    refuseIf(
        sampling.newTokensMax() >= run.model().positions(),
        "sampling.max-new-tokens",
        "less than model.positions [" + run.model().positions() + "]",
        "");
    refuseIf(
        sampling.tokensPerCall() > sampling.newTokensMax(),
        "sampling.tokens-per-call",
        "at most sampling.max-new-tokens [" + sampling.newTokensMax() + "]",
        "");
    String why =
        "the learner can't train on samples of a cut distribution: it doesn't apply the cut";
    refuseIf(sampling.topK() > 0, "sampling.top-k", "0", why);
    refuseIf(sampling.topP() < 1, "sampling.top-p", "1", why);
  }

  private void replay(ReplaySpecification replay) {
    refuseIf(
        replay.groupSize() < 2,
        "replay.group-size",
        "at least 2",
        "advantages compare the members of a group");
    refuseIf(
        replay.reuse() > replay.policyLagMax() + 1,
        "replay.reuse",
        "at most replay.max-policy-lag + 1 [" + (replay.policyLagMax() + 1) + "]",
        "a trajectory is one update older in every further batch");
    refuseIf(
        replay.batchTrajectories() % run.learner().minibatches() != 0,
        "learner.minibatches",
        "a divisor of replay.groups x replay.group-size [" + replay.batchTrajectories() + "]",
        "");
  }

  private void learner(LearnerSpecification learner) {
    refuseIf(
        !learner.loss().equals("ppo-clip") && !learner.loss().endsWith(".py"),
        "learner.loss",
        "ppo-clip or a program file NAME.py",
        "");
    refuseIf(
        learner.klCoefficient() > 0 && learner.kl() == Kl.NONE,
        "learner.kl",
        "k1, k2 or k3",
        "learner.kl-coefficient is [" + learner.klCoefficient() + "]");
    refuseIf(
        learner.compute() == Compute.BFLOAT16
            && run.runtime().learnerDevice().equals("cpu")
            && !processor.bfloat16(),
        "learner.compute",
        "float32",
        "this processor has no bfloat16 instructions and would be many times slower");
  }

  private void stop(StopSpecification stop) {
    boolean evaluated = run.evaluation().every() > 0;
    refuseIf(
        stop.accuracy() > 0 && !evaluated,
        "evaluation.every",
        "at least 1",
        "stop.accuracy needs evaluations");
    refuseIf(
        stop.evaluationsWithoutImprovement() > 0 && !evaluated,
        "evaluation.every",
        "at least 1",
        "stop.evaluations-without-improvement needs evaluations");
    boolean endless =
        stop.updates() == 0
            && stop.trajectories() == 0
            && stop.wallTime().isZero()
            && stop.accuracy() == 0
            && stop.evaluationsWithoutImprovement() == 0;
    refuseIf(endless, "stop.updates", "at least 1", "no other condition of stop ends the run");
    if (run.sft().steps() > 0) {
      schedule("sft", run.sft().optimizer(), run.sft().steps(), "sft.steps");
    }
    long steps = stop.updates() * run.learner().epochs() * (long) run.learner().minibatches();
    schedule("learner", run.learner().optimizer(), steps, "stop.updates");
  }

  private void schedule(
      String section, OptimizerSpecification optimizer, long steps, String length) {
    refuseIf(
        optimizer.schedule() != OptimizerSpecification.Schedule.CONSTANT && steps == 0,
        section + ".schedule",
        "constant",
        "a decaying schedule needs a known length: set " + length);
  }

  /** A key that another key has put out of use must be left alone. */
  private void unused() {
    boolean jsonlTasks = run.tasks() instanceof TaskSpecification.Jsonl;
    for (String key : new String[] {"digits", "operations", "lowest-digit-first", "zero-padded"}) {
      unusedIf(jsonlTasks, "tasks." + key, "tasks.source = jsonl");
    }
    for (String key :
        new String[] {"file", "prompt-template", "answer-field", "difficulty-field"}) {
      unusedIf(!jsonlTasks, "tasks." + key, "tasks.source = sums");
    }
    unusedIf(
        !(run.sft().corpus() instanceof SftSpecification.Corpus.Generated),
        "sft.carries-forgotten",
        "sft.corpus = " + Values.written(values.raw("sft.corpus")));
    unusedIf(
        !(run.sft().corpus() instanceof SftSpecification.Corpus.Jsonl),
        "sft.file",
        "sft.corpus = " + Values.written(values.raw("sft.corpus")));
    unusedIf(
        run.model().tokenizer() instanceof ModelSpecification.Tokenizer.Bytes,
        "model.alphabet",
        "model.tokenizer = bytes");
  }

  /** Keys of the other kind of runs. */
  private void ofOtherKind() {
    Kind kind = values.kind();
    for (String key : Reference.paths()) {
      unusedIf(!kind.concerns(key), key, kind.words());
    }
  }

  private void unusedIf(boolean unused, String key, String because) {
    Object standard = values.kind().defaults().getValue(key).unwrapped();
    refuseIf(
        unused && !values.raw(key).unwrapped().equals(standard),
        key,
        "no value of its own",
        because + " doesn't use it");
  }

  private void refuseIf(boolean wrong, String key, String expected, String why) {
    if (wrong) {
      values.add(key, expected, why);
    }
  }
}
