package dev.troupe.learner.update;

import dev.troupe.learner.batching.MicroBatch;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.loss.LossRefusedException;
import dev.troupe.learner.loss.LossTrial;
import dev.troupe.learner.loss.TokenWeights;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.OldPolicy;
import dev.troupe.protocol.run.OptimizerSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/**
 * Weights and optimizer moments, and the steps that change them.
 *
 * <p>A step cuts its sequences into micro-batches, computes the gradient of each on a worker (one
 * native call: forward, loss, backward), adds the gradients in order, and applies AdamW. The result
 * depends on the micro-batch size (by the last bits of sums) but not on the number of workers.
 *
 * <p>One thread at a time owns a trainer.
 */
public final class Trainer implements AutoCloseable {
  private final LearnerSpecification learner;
  private final TrainingProgram program;
  private final MicroBatchWorkers workers;
  private final Tensor flat;
  private Tensor mean;
  private Tensor square;
  private long steps;

  /**
   * Copies {@code initial}.
   *
   * @param loss text that defines {@code policy_loss}
   * @param temperature of sampling
   * @param workers micro-batches computed at the same time
   */
  public Trainer(
      DecoderNetwork network,
      Parameters initial,
      LearnerSpecification learner,
      ProgramSource loss,
      double temperature,
      String device,
      int workers,
      ThreadFactory threads) {
    this.learner = learner;
    this.program = new TrainingProgram(network, learner, loss, temperature, device);
    this.workers = new MicroBatchWorkers(workers, threads);
    this.flat = program.join(initial);
    this.mean = program.zerosLike(flat);
    this.square = program.zerosLike(flat);
  }

  /**
   * Compiles what a trainer would run and tries the loss, and nothing else; on a thread of
   * libtorch.
   *
   * @throws LossRefusedException naming file and line of a loss that can't be trained with
   */
  public static void check(
      DecoderNetwork network,
      LearnerSpecification learner,
      ProgramSource loss,
      double temperature,
      String device) {
    LossTrial.check(learner, loss, device);
    try {
      new TrainingProgram(network, learner, loss, temperature, device).close();
    } catch (ProgramCompileException e) {
      throw new LossRefusedException("learner.loss: " + e.getMessage(), e);
    }
  }

  /** Optimizer steps taken since the moments were zero. */
  public long steps() {
    return steps;
  }

  /** A copy of the weights. */
  public Parameters weights() {
    return program.copyOut(flat);
  }

  /** A copy of the first moments, by parameter. */
  public Parameters means() {
    return program.copyOut(mean);
  }

  /** A copy of the second moments. */
  public Parameters squares() {
    return program.copyOut(square);
  }

  /** A copy of a fixed policy's weights. */
  public Parameters weights(FrozenPolicy policy) {
    return program.copyOut(policy.flat);
  }

  /** Forgets the moments: another objective begins. */
  public void resetMoments() {
    replaceMoments(program.zerosLike(flat), program.zerosLike(flat), 0);
  }

  /** Takes over copies of moments that a checkpoint holds. */
  public void restoreMoments(Parameters means, Parameters squares, long stepsTaken) {
    replaceMoments(program.join(means), program.join(squares), stepsTaken);
  }

  private void replaceMoments(Tensor newMean, Tensor newSquare, long stepsTaken) {
    mean.close();
    square.close();
    mean = newMean;
    square = newSquare;
    steps = stepsTaken;
  }

  /** The current weights as a fixed policy that rows can be scored by. */
  public FrozenPolicy freeze() {
    return new FrozenPolicy(flat.copy());
  }

  /** Given weights as a fixed policy. */
  public FrozenPolicy freeze(Parameters parameters) {
    return new FrozenPolicy(program.join(parameters));
  }

  /** Fills in log-probabilities of π_old where the recipe computes them before the first step. */
  public void scoreOld(List<PolicyRow> rows) {
    score(flat, rows, PolicyRow::old);
  }

  /** Fills in log-probabilities of π_ref. */
  public void scoreReference(List<PolicyRow> rows, FrozenPolicy reference) {
    score(reference.flat, rows, PolicyRow::reference);
  }

  /** Takes the log-probability of a token place. */
  private interface Score {
    void set(PolicyRow row, int place, float logProb);
  }

  private void score(Tensor parameters, List<PolicyRow> rows, Score score) {
    List<Callable<AutoCloseable>> tasks = new ArrayList<>();
    for (List<PolicyRow> part : split(rows)) {
      tasks.add(
          () -> {
            MicroBatch batch = program.microBatch(part.stream().map(PolicyRow::sequence).toList());
            float[] logProbs = program.logProbs(parameters, batch);
            batch.read(logProbs, (row, place, value) -> score.set(part.get(row), place, value));
            return () -> {};
          });
    }
    workers.inOrder(tasks, _ -> {});
  }

  /**
   * One optimizer step of reinforcement learning.
   *
   * @param rows all of the step: aggregation counts over them
   * @param oldIsCurrent π_old is the policy at this very moment: the ratio is exactly 1
   * @param figures adds up what happened
   */
  public OptimizerStep policyStep(
      List<PolicyRow> rows, boolean oldIsCurrent, double rate, PolicyFigures figures) {
    double[] weights = weights(rows, PolicyRow::sequence, learner.aggregation());
    // Apart, so that micro-batches without any advantage need no backward pass where that is all.
    List<WeightedPart<PolicyRow>> parts = new ArrayList<>();
    for (boolean side : List.of(true, false)) {
      parts.addAll(
          weighted(
              rows, PolicyRow::sequence, weights, index -> rows.get(index).hasAdvantage() == side));
    }
    boolean behaviourIsOld = learner.oldPolicy() == OldPolicy.BEHAVIOUR;
    List<Callable<MicroBatchGradient>> tasks = new ArrayList<>();
    for (WeightedPart<PolicyRow> part : parts) {
      tasks.add(
          () -> {
            MicroBatch batch =
                program.microBatch(part.rows().stream().map(PolicyRow::sequence).toList());
            int size = batch.rows() * batch.answers();
            float[] values = new float[6 * size];
            batch.mask(values, 0);
            batch.fill(values, size, (row, _) -> part.weights().get(row));
            batch.fill(values, 2 * size, (row, place) -> part.rows().get(row).advantage(place));
            batch.behaviourLogProbs(values, 3 * size);
            if (behaviourIsOld) {
              batch.behaviourLogProbs(values, 4 * size);
            } else {
              batch.fill(values, 4 * size, (row, place) -> part.rows().get(row).old(place));
            }
            batch.fill(values, 5 * size, (row, place) -> part.rows().get(row).reference(place));
            return program.policyGradient(flat, batch, values, oldIsCurrent);
          });
    }
    return step(
        tasks,
        (index, part) -> figures.add(part, parts.get(index).trainedTokens()),
        rate,
        learner.optimizer());
  }

  /** One optimizer step of supervised fine-tuning: cross-entropy, mean over trained tokens. */
  public OptimizerStep supervisedStep(
      List<TrainingSequence> rows, double rate, OptimizerSpecification optimizer) {
    double[] weights = weights(rows, row -> row, Aggregation.TOKEN_MEAN);
    List<WeightedPart<TrainingSequence>> parts = weighted(rows, row -> row, weights, _ -> true);
    List<Callable<MicroBatchGradient>> tasks = new ArrayList<>();
    for (WeightedPart<TrainingSequence> part : parts) {
      tasks.add(
          () -> {
            MicroBatch batch = program.microBatch(part.rows());
            float[] shares = batch.spread(row -> part.weights().get(row));
            return program.supervisedGradient(flat, batch, shares);
          });
    }
    return step(tasks, (_, _) -> {}, rate, optimizer);
  }

  private OptimizerStep step(
      List<Callable<MicroBatchGradient>> tasks,
      BiConsumer<Integer, MicroBatchGradient> each,
      double rate,
      OptimizerSpecification optimizer) {
    if (tasks.isEmpty()) {
      return new OptimizerStep(0, 0, false);
    }
    List<Tensor> total = new ArrayList<>(1);
    int[] index = new int[1];
    double[] loss = new double[1];
    try {
      workers.inOrder(
          tasks,
          part -> {
            loss[0] += part.figure(0);
            each.accept(index[0]++, part);
            if (total.isEmpty()) {
              total.add(part.gradient());
            } else {
              try (part) {
                program.add(total.getFirst(), part.gradient());
              }
            }
          });
      if (!Double.isFinite(loss[0])) {
        return new OptimizerStep(loss[0], Double.NaN, false);
      }
      TrainingProgram.NormAndStep step =
          program.adamw(flat, total.getFirst(), mean, square, steps + 1, rate, optimizer);
      steps += step.taken() ? 1 : 0;
      return new OptimizerStep(loss[0], step.gradientNorm(), step.taken());
    } finally {
      total.forEach(Tensor::close);
    }
  }

  /** Some rows of a step with the weight of each in the loss. */
  private record WeightedPart<R>(List<R> rows, List<Double> weights, int trainedTokens) {}

  private <R> List<WeightedPart<R>> weighted(
      List<R> rows, Function<R, TrainingSequence> sequence, double[] weights, IntPredicate which) {
    return program.plan(rows.stream().map(sequence).toList(), which).stream()
        .map(
            indices ->
                new WeightedPart<>(
                    indices.stream().map(rows::get).toList(),
                    indices.stream().map(index -> weights[index]).toList(),
                    indices.stream()
                        .mapToInt(index -> sequence.apply(rows.get(index)).trainedTokens())
                        .sum()))
        .toList();
  }

  private List<List<PolicyRow>> split(List<PolicyRow> rows) {
    return program.plan(rows.stream().map(PolicyRow::sequence).toList(), _ -> true).stream()
        .map(indices -> indices.stream().map(rows::get).toList())
        .toList();
  }

  private <R> double[] weights(
      List<R> rows, Function<R, TrainingSequence> sequence, Aggregation aggregation) {
    ToIntFunction<R> tokens = row -> sequence.apply(row).trainedTokens();
    return TokenWeights.of(
        aggregation, rows.stream().mapToInt(tokens).toArray(), learner.constantLength());
  }

  @Override
  public void close() {
    workers.close();
    program.close();
    flat.close();
    mean.close();
    square.close();
  }

  /** Weights that don't change. */
  public static final class FrozenPolicy implements AutoCloseable {
    private final Tensor flat;

    private FrozenPolicy(Tensor flat) {
      this.flat = flat;
    }

    @Override
    public void close() {
      flat.close();
    }
  }
}
