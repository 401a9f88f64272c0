package dev.troupe.actors.run;

import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A small run's recipe, with the parts that tests change. */
public final class Recipes {
  private int lagMax = 1;
  private int groups = 4;
  private int groupSize = 4;
  private long updates = 6;
  private int sftSteps = 4;
  private int rolloutActors = 2;
  private int lanes = 8;
  private int checkpointEvery = 2;
  private int evaluateEvery = 3;
  private int heldOut = 10;
  private RewardSpecification.PastBudget pastBudget = RewardSpecification.PastBudget.FAIL;
  private RewardSpecification.Trial trial = RewardSpecification.Trial.NONE;
  private long failureBudget = 1_000;
  private Duration delay = Duration.ZERO;
  private Duration timeLimit = Duration.ofSeconds(2);
  private Duration leaseLimit = Duration.ofSeconds(5);
  private Duration stallAfter = Duration.ofSeconds(60);
  private double accuracy;
  private long trajectories;
  private Duration wallTime = Duration.ZERO;
  private int patience;
  private int hidden = 32;
  private double share = 1;
  private String initFrom = "";
  private Map<String, String> files = Map.of();

  public static Recipes small() {
    return new Recipes();
  }

  public Recipes lagMax(int updatesBehind) {
    lagMax = updatesBehind;
    return this;
  }

  public Recipes batch(int groupsOfBatch, int members) {
    groups = groupsOfBatch;
    groupSize = members;
    return this;
  }

  public Recipes updates(long stopAfter) {
    updates = stopAfter;
    return this;
  }

  public Recipes sft(int steps) {
    sftSteps = steps;
    return this;
  }

  public Recipes rollouts(int actors, int lanesEach) {
    rolloutActors = actors;
    lanes = lanesEach;
    return this;
  }

  public Recipes checkpoints(int every) {
    checkpointEvery = every;
    return this;
  }

  public Recipes evaluation(int every, int tasks) {
    evaluateEvery = every;
    heldOut = tasks;
    return this;
  }

  public Recipes verifier(Duration limit, Duration artificialDelay) {
    timeLimit = limit;
    delay = artificialDelay;
    return this;
  }

  public Recipes failureBudget(long unscored) {
    failureBudget = unscored;
    return this;
  }

  /** Too many unscored outcomes pause the run. */
  public Recipes pausingPastBudget() {
    pastBudget = RewardSpecification.PastBudget.PAUSE;
    return this;
  }

  public Recipes trial(int trajectories, double maxFailureRate, double maxDisagreement) {
    trial = new RewardSpecification.Trial(trajectories, maxFailureRate, maxDisagreement);
    return this;
  }

  public Recipes leases(Duration limit) {
    leaseLimit = limit;
    return this;
  }

  public Recipes stallAfter(Duration patience) {
    stallAfter = patience;
    return this;
  }

  public Recipes stopAtAccuracy(double target) {
    accuracy = target;
    return this;
  }

  public Recipes stopAtTrajectories(long consumed) {
    trajectories = consumed;
    return this;
  }

  public Recipes stopAfter(Duration limit) {
    wallTime = limit;
    return this;
  }

  public Recipes stopWithoutImprovement(int evaluations) {
    patience = evaluations;
    return this;
  }

  public Recipes share(double ofSlots) {
    share = ofSlots;
    return this;
  }

  /** With weights that are a file of the run, which another machine calls {@code name}. */
  public Recipes startFrom(String name, String sha256) {
    initFrom = name;
    files = Map.of(name, sha256);
    return this;
  }

  public RunSpecification build() {
    OptimizerSpecification optimizer =
        new OptimizerSpecification(
            1e-3, 0.9, 0.99, 1e-8, 0, 2, OptimizerSpecification.Schedule.CONSTANT, 0, 1);
    return new RunSpecification(
        "test",
        7,
        new ModelSpecification(
            hidden,
            1,
            2,
            1,
            hidden / 2,
            64,
            32,
            10_000,
            1e-5,
            true,
            0.02,
            new ModelSpecification.Tokenizer.Characters("0123456789+-= "),
            initFrom),
        new TaskSpecification.Sums(1, List.of("+"), true, false, heldOut),
        new SamplingSpecification(
            1, 0, 1, 4, List.of(), lanes, 2, SamplingSpecification.Switching.BETWEEN_EPISODES),
        new RewardSpecification(
            "exact",
            "1",
            RewardSpecification.NO_SETTINGS,
            timeLimit,
            2,
            2,
            1_000,
            3,
            RewardSpecification.OnFailedMember.DROP_MEMBER,
            failureBudget,
            1,
            delay,
            pastBudget,
            trial),
        new ReplaySpecification(
            groups,
            groupSize,
            lagMax,
            1,
            ReplaySpecification.OnStraggler.DROP,
            false,
            ReplaySpecification.Orphans.ADMIT,
            leaseLimit,
            1 << 20,
            ReplaySpecification.JournalRetain.ALL,
            0),
        new SftSpecification(sftSteps, 8, new SftSpecification.Corpus.References(), optimizer),
        new LearnerSpecification(
            LearnerSpecification.Advantage.GRPO,
            1,
            "ppo-clip",
            0.2,
            0.2,
            0,
            LearnerSpecification.OldPolicy.BEHAVIOUR,
            LearnerSpecification.Importance.NONE,
            2,
            LearnerSpecification.Kl.NONE,
            0,
            0,
            LearnerSpecification.Aggregation.TOKEN_MEAN,
            4,
            1,
            1,
            16,
            LearnerSpecification.Compute.FLOAT32,
            3,
            optimizer),
        new EvaluationSpecification(evaluateEvery, heldOut),
        new CheckpointSpecification(checkpointEvery, 3),
        new StopSpecification(updates, trajectories, wallTime, accuracy, patience),
        new RuntimeSpecification(rolloutActors, 1, "cpu", "cpu", stallAfter, share),
        files);
  }
}
