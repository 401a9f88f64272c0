package dev.troupe.learner;

import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.learner.update.Trainer;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.tensor.IntArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Measures training: whole steps (forward, cross-entropy of every token, backward, clipping, AdamW)
 * on random tokens.
 */
public final class TrainingBenchmark {
  private static final int WARM_UP_STEPS = 2;

  private final DecoderNetwork network;
  private final LearnerSpecification learner;
  private final LongSupplier nanos;

  /**
   * A benchmark of {@code network} with the micro-batches, precision and optimizer of {@code
   * learner}.
   */
  public TrainingBenchmark(
      DecoderNetwork network, LearnerSpecification learner, LongSupplier nanos) {
    this.network = network;
    this.learner = learner;
    this.nanos = nanos;
  }

  /**
   * Figures of a measurement.
   *
   * @param tokensPerSecond of the median step
   * @param stepMillis time of each measured step, in order
   */
  public record Figures(double tokensPerSecond, List<Double> stepMillis) {
    public Figures {
      stepMillis = List.copyOf(stepMillis);
    }
  }

  /**
   * Trains on {@code sequences} × {@code length} tokens, two steps to warm up and then {@code
   * steps}.
   *
   * @param workers micro-batches computed at the same time
   */
  public Figures measure(int sequences, int length, int steps, int workers) {
    SplittableRandom random = new SplittableRandom(1);
    List<TrainingSequence> batch = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      int[] tokens = random.ints(length, 0, network.shape().vocabulary()).toArray();
      batch.add(TrainingSequence.supervised(IntArray.of(0), IntArray.of(tokens)));
    }
    List<Double> millis = new ArrayList<>();
    try (Parameters initial = network.initial(1);
        Trainer trainer =
            new Trainer(
                network,
                initial,
                learner,
                PolicyLoss.source(learner, Path::of),
                1,
                "cpu",
                workers,
                TorchRuntime.threads("training-benchmark"))) {
      for (int step = 0; step < WARM_UP_STEPS + steps; step++) {
        long begin = nanos.getAsLong();
        trainer.supervisedStep(batch, 1e-4, learner.optimizer());
        if (step >= WARM_UP_STEPS) {
          millis.add((nanos.getAsLong() - begin) / 1e6);
        }
      }
    }
    double median = millis.stream().sorted().toList().get(millis.size() / 2);
    return new Figures(sequences * length * 1000.0 / median, millis);
  }
}
