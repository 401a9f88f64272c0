package dev.troupe.actors.run;

import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.learner.control.ControlLearner;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Runs whose behaviour policy is adjusted, and what their journals prove of it. */
public final class PropsRuns {
  /** Batches that are collected for an update. */
  public static final int COLLECTIONS = 4;

  private static final int LAYERS = 2;

  private final String environment;
  private Map<String, String> options = Map.of();
  private int count = 4;
  private int steps = 8;
  private int evaluateEvery;
  private double learningRate = 1e-2;
  private double adjustmentRate = 1e-2;
  private boolean overlap;

  public PropsRuns(String environment) {
    this.environment = environment;
  }

  public PropsRuns options(Map<String, String> ofEnvironment) {
    options = ofEnvironment;
    return this;
  }

  public PropsRuns fragments(int environments, int stepsEach) {
    count = environments;
    steps = stepsEach;
    return this;
  }

  public PropsRuns evaluateEvery(int batches) {
    evaluateEvery = batches;
    return this;
  }

  public PropsRuns rates(double learned, double adjusted) {
    learningRate = learned;
    adjustmentRate = adjusted;
    return this;
  }

  public PropsRuns overlapping() {
    overlap = true;
    return this;
  }

  /** A run that ends after so many batches, each of two fragments. */
  public RunSpecification build(long batches) {
    RunSpecification base =
        Recipes.small()
            .batch(2, 1)
            .sft(0)
            .lagMax(overlap ? 1 : 0)
            .rollouts(1, 1)
            .checkpoints(COLLECTIONS)
            .evaluation(evaluateEvery, 8)
            .updates(batches)
            .build();
    return new RunSpecification(
        "props",
        7,
        base.model(),
        base.tasks(),
        base.sampling(),
        base.reward(),
        base.replay(),
        base.sft(),
        base.learner(),
        base.evaluation(),
        base.checkpoints(),
        base.stop(),
        base.runtime(),
        Map.of(),
        Optional.of(control()));
  }

  private ControlRun control() {
    return new ControlRun(
        new EnvironmentSpecification(
            environment,
            options,
            count,
            steps,
            EnvironmentSpecification.Autoreset.SAME_STEP,
            Duration.ofSeconds(30)),
        new ControlSpecification(
            ControlSpecification.Algorithm.PPO,
            new ControlSpecification.Layers(List.of(16), ControlSpecification.Recurrence.NONE, 0),
            new ControlSpecification.Returns(
                0.98, 0.9, ControlSpecification.Bootstrap.TERMINATED_ONLY),
            new ControlSpecification.Objective(0.2, 0, 0.5, 0, true, 0),
            4,
            4,
            new OptimizerSpecification(
                learningRate,
                0.9,
                0.999,
                1e-5,
                0,
                0,
                OptimizerSpecification.Schedule.CONSTANT,
                0,
                0.5),
            new ControlSpecification.Normalisation(false, false, 10),
            new ControlSpecification.Correction(1, 1, 1, 1, 0),
            new ControlSpecification.Adjustment(
                ControlSpecification.AdjustmentMethod.PROPS,
                COLLECTIONS,
                2,
                adjustmentRate,
                16,
                1,
                0.3,
                0,
                1,
                0.5,
                overlap),
            3));
  }

  /**
   * What a journal proves.
   *
   * @param trajectories that were learned from
   * @param farthest difference of a recorded log-probability from that of the version it names
   */
  public record Proof(List<Trajectory> trajectories, double farthest) {}

  /**
   * Makes the learner's work again from the journal, and computes every log-probability again with
   * the version that its trajectory names.
   */
  public static Proof prove(RunDirectory directory, RunSpecification run) throws IOException {
    if (run.replay().journalRetain() != ReplaySpecification.JournalRetain.ALL) {
      throw new IllegalArgumentException("the whole journal is needed");
    }
    ControlRun control = run.control().orElseThrow();
    Map<TrajectoryId, JudgedTrajectory> recorded = new HashMap<>();
    Map<Long, Group> groups = new HashMap<>();
    List<Trajectory> used = new ArrayList<>();
    Map<String, Parameters> versions = new HashMap<>();
    Set<Long> learned = new HashSet<>();
    double[] farthest = {0};
    ControlLearner.Context context =
        new ControlLearner.Context(
            control.control(), ControlNetworks.of(control), run.seed(), 1, run.stop().updates());
    try (ControlLearner learner = ControlLearner.fresh(context)) {
      keep(learner, versions);
      JournalReader.open(directory.journal(), directory.epochs())
          .forEach(
              (event, _) -> {
                switch (event) {
                  case LedgerEvent.Granted(var lease, _) ->
                      groups.put(lease.group().number(), lease.group());
                  case LedgerEvent.Recorded(var judged) ->
                      recorded.put(judged.trajectory().id(), judged);
                  case LedgerEvent.BatchCut(long number, var ids)
                      when number <= run.stop().updates() && learned.add(number) -> {
                    List<BatchGroup> batch = new ArrayList<>();
                    for (TrajectoryId id : ids) {
                      JudgedTrajectory judged = Objects.requireNonNull(recorded.get(id));
                      used.add(judged.trajectory());
                      farthest[0] = Math.max(farthest[0], distance(judged.trajectory(), versions));
                      Group group = Objects.requireNonNull(groups.get(id.group()));
                      batch.add(new BatchGroup(group, List.of(judged)));
                    }
                    learner.update(new Batch(number, batch));
                    keep(learner, versions);
                  }
                  default -> {}
                }
              });
    }
    versions.values().forEach(Parameters::close);
    return new Proof(used, farthest[0]);
  }

  private static void keep(ControlLearner learner, Map<String, Parameters> versions) {
    try (PolicySnapshot snapshot = learner.snapshot()) {
      versions.computeIfAbsent(snapshot.version().hash(), _ -> snapshot.parameters().copy());
    }
  }

  private static double distance(Trajectory trajectory, Map<String, Parameters> versions) {
    Parameters version = versions.get(trajectory.behaviour().hash());
    if (version == null) {
      throw new AssertionError("nobody made [" + trajectory.behaviour() + "] before its batch");
    }
    EnvironmentFragment fragment = (EnvironmentFragment) trajectory.body();
    float[] observations = fragment.observations().toFloats();
    long[] actions = fragment.actions().toLongs();
    float[] logProbs = fragment.logProbs().toFloats();
    int width = observations.length / actions.length;
    double farthest = 0;
    for (int row = 0; row < actions.length; row++) {
      double[] x = new double[width];
      for (int i = 0; i < width; i++) {
        x[i] = observations[row * width + i];
      }
      double again = logProbability(version, x, (int) actions[row]);
      farthest = Math.max(farthest, Math.abs(again - logProbs[row]));
    }
    return farthest;
  }

  /** log softmax(W₁ tanh(W₀ x + b₀) + b₁)[action]. */
  private static double logProbability(Parameters policy, double[] x, int action) {
    double[] values = x;
    for (int layer = 0; layer < LAYERS; layer++) {
      float[] weight = policy.get("actor." + layer + ".weight").toFloats();
      float[] bias = policy.get("actor." + layer + ".bias").toFloats();
      double[] next = new double[bias.length];
      for (int out = 0; out < bias.length; out++) {
        double sum = bias[out];
        for (int in = 0; in < values.length; in++) {
          sum += weight[out * values.length + in] * values[in];
        }
        next[out] = layer < LAYERS - 1 ? Math.tanh(sum) : sum;
      }
      values = next;
    }
    double sum = 0;
    for (double logit : values) {
      sum += Math.exp(logit);
    }
    return values[action] - Math.log(sum);
  }
}
