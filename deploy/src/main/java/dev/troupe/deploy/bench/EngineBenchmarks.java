package dev.troupe.deploy.bench;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.learner.TrainingBenchmark;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.rollout.sampling.SamplingBenchmark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How fast the 2.4-million-parameter decoder that speed is promised for decodes and trains, with
 * the machine's own matrix multiplication as yardstick, and beside a Python's where there is one.
 */
public final class EngineBenchmarks {
  private static final int PROMPT = 16;
  private static final int DRAWN = 32;
  private static final int TRAINED_SEQUENCES = 64;
  private static final int TRAINED_LENGTH = 48;
  private static final int ROUNDS = 5;
  private static final int STEPS = 10;

  private final Console console;
  private final LongSupplier nanos;
  private final int cores;
  private final Optional<Peer> peer;
  private final DecoderShape shape = SamplingBenchmark.referenceShape();

  /**
   * @param python one with transformers, to compare with; none if empty
   */
  public EngineBenchmarks(Console console, LongSupplier nanos, int cores, Optional<Path> python) {
    this.console = console;
    this.nanos = nanos;
    this.cores = cores;
    this.peer = python.map(Peer::new);
  }

  /** The way that one thing was measured to be fastest. */
  private record Best(double tokensPerSecond, String how) {}

  /** The machine's own matrix rate, floating-point operations a second. */
  public double matrices() {
    double one = MatrixRate.measure(1, nanos);
    double all = cores == 1 ? one : MatrixRate.measure(cores, nanos);
    console.format(
        "matrices   %.0f GFLOP/s with one thread, %.0f with %d", one / 1e9, all / 1e9, cores);
    return Math.max(one, all);
  }

  /** Decoding {@code sequences} at once. */
  public void decode(int sequences, double matrixRate) throws IOException {
    Best best = new Best(0, "");
    for (int samplers = 1; samplers <= Math.min(2, cores); samplers++) {
      for (int threads = 1; threads * samplers <= cores; threads *= 2) {
        List<Double> rates =
            new SamplingBenchmark(shape, sequences, samplers, threads, PROMPT, DRAWN)
                .run(ROUNDS, nanos);
        double rate = median(rates);
        if (rate > best.tokensPerSecond()) {
          best = new Best(rate, how(samplers, "sampler", threads));
        }
      }
    }
    double context = PROMPT + DRAWN / 2.0;
    tell(
        String.format(Locale.ROOT, "decode %3d", sequences),
        best,
        Work.drawing(shape, context) / matrixRate,
        peer("decode", List.of("--sequences", Integer.toString(sequences))));
  }

  /** Training on 64 sequences of 48 tokens. */
  public void train(LearnerSpecification learner, double matrixRate) throws IOException {
    DecoderNetwork network = new DecoderNetwork(shape);
    Best best = new Best(0, "");
    for (int workers = 1; workers <= Math.min(2, cores); workers++) {
      for (int threads = 1; threads * workers <= cores; threads *= 2) {
        TorchRuntime.setIntraOpThreads(threads);
        double rate =
            new TrainingBenchmark(
                    network, withMicroBatch(learner, TRAINED_SEQUENCES / workers), nanos)
                .measure(TRAINED_SEQUENCES, TRAINED_LENGTH, STEPS, workers)
                .tokensPerSecond();
        if (rate > best.tokensPerSecond()) {
          best = new Best(rate, how(workers, "worker", threads));
        }
      }
    }
    tell(
        "train 64x48",
        best,
        Work.training(shape, TRAINED_LENGTH / 2.0) / matrixRate,
        peer(
            "train",
            List.of(
                "--sequences",
                Integer.toString(TRAINED_SEQUENCES),
                "--tokens",
                Integer.toString(TRAINED_LENGTH))));
  }

  /**
   * The same loop by transformers, written by hand, and by TRL's trainer, where Python has them.
   *
   * @param ours completions a second of this program's
   */
  public void besideLoop(double ours, ReplaySpecification replay, int newTokens)
      throws IOException {
    List<String> options =
        List.of(
            "--groups",
            Integer.toString(replay.groups()),
            "--group-size",
            Integer.toString(replay.groupSize()),
            "--tokens",
            Integer.toString(newTokens));
    besideLoop("transformers by hand", ours, peer("loop", options));
    besideLoop("TRL", ours, peer("trl", options));
  }

  private void besideLoop(String who, double ours, OptionalDouble theirs) {
    if (theirs.isPresent()) {
      console.format(
          "           %s %s completions/s: %s",
          who,
          Figures.count(theirs.getAsDouble()),
          console.bold(String.format(Locale.ROOT, "%.2f times", ours / theirs.getAsDouble())));
    } else if (peer.isPresent()) {
      console.format("           %s: that Python can't", who);
    }
  }

  private OptionalDouble peer(String what, List<String> options) throws IOException {
    return peer.isEmpty() ? OptionalDouble.empty() : peer.get().measure(what, withThreads(options));
  }

  private List<String> withThreads(List<String> options) {
    return Stream.concat(options.stream(), List.of("--threads", Integer.toString(cores)).stream())
        .toList();
  }

  private void tell(String what, Best best, double shareOfOneToken, OptionalDouble other) {
    String beside =
        other.isPresent()
            ? String.format(
                Locale.ROOT,
                "; transformers %s: %.2f times",
                Figures.count(other.getAsDouble()),
                best.tokensPerSecond() / other.getAsDouble())
            : "";
    console.format(
        "%-11s %s tokens/s (%s), %.1f%% of the matrix rate%s",
        what,
        console.bold(Figures.count(best.tokensPerSecond())),
        best.how(),
        100 * shareOfOneToken * best.tokensPerSecond(),
        beside);
  }

  private static String how(int parts, String part, int threads) {
    return parts
        + " "
        + part
        + (parts == 1 ? "" : "s")
        + " x "
        + threads
        + " thread"
        + (threads == 1 ? "" : "s");
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  private static LearnerSpecification withMicroBatch(LearnerSpecification of, int microBatch) {
    return new LearnerSpecification(
        of.advantage(),
        of.discount(),
        of.loss(),
        of.clipLow(),
        of.clipHigh(),
        of.dualClip(),
        of.oldPolicy(),
        of.importance(),
        of.importanceCap(),
        of.kl(),
        of.klCoefficient(),
        of.entropyCoefficient(),
        of.aggregation(),
        of.constantLength(),
        of.epochs(),
        of.minibatches(),
        microBatch,
        of.compute(),
        of.nonFiniteBudget(),
        of.optimizer());
  }
}
