package dev.troupe.rollout.sampling;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.CharacterTokenizer;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.rollout.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures how fast completions are sampled: all sequences begin together with different prompts,
 * none ends early, and the time counts from the first prompt to the last token.
 *
 * @param shape of the decoder; weights are random
 * @param sequences sampled at the same time, by all samplers together
 * @param samplers side by side, each on a thread of its own
 * @param intraOpThreads threads of one operation
 * @param promptTokens of every sequence, the begin token included
 * @param newTokens of every sequence
 */
public record SamplingBenchmark(
    DecoderShape shape,
    int sequences,
    int samplers,
    int intraOpThreads,
    int promptTokens,
    int newTokens) {
  private static final long SEED = 1;

  public SamplingBenchmark {
    if (sequences % samplers != 0) {
      throw new IllegalArgumentException(
          "[" + sequences + "] sequences must be shared evenly by [" + samplers + "] samplers");
    }
  }

  /**
   * The decoder that speed is promised for: 2.4 million parameters, 48 positions, vocabulary 64.
   */
  public static DecoderShape referenceShape() {
    return new DecoderShape(64, 192, 6, 6, 2, 32, 512, 48, 10_000, 1e-5, true, 0.02);
  }

  /**
   * Tokens a second, the prompts' not counted, of each round.
   *
   * @param rounds after a first one that isn't measured
   * @param nanos a clock
   */
  public List<Double> run(int rounds, LongSupplier nanos) {
    TorchRuntime.setIntraOpThreads(intraOpThreads);
    DecoderNetwork network = new DecoderNetwork(shape);
    CyclicBarrier together = new CyclicBarrier(samplers);
    try (ExecutorService threads =
            Executors.newFixedThreadPool(samplers, TorchRuntime.threads("sampling-benchmark"));
        PolicySnapshot policy = PolicySnapshot.of(1, 0, network.initial(SEED))) {
      List<Future<List<long[]>>> spans = new ArrayList<>();
      for (int sampler = 0; sampler < samplers; sampler++) {
        int first = sampler * (sequences / samplers);
        spans.add(threads.submit(() -> measure(network, policy, first, rounds, together, nanos)));
      }
      List<List<long[]>> measured = new ArrayList<>();
      for (Future<List<long[]>> span : spans) {
        measured.add(span.get());
      }
      return IntStream.range(1, rounds + 1).mapToObj(round -> rate(measured, round)).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the benchmark was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the benchmark failed", e.getCause());
    }
  }

  private double rate(List<List<long[]>> measured, int round) {
    long begin = measured.stream().mapToLong(spans -> spans.get(round)[0]).min().orElseThrow();
    long end = measured.stream().mapToLong(spans -> spans.get(round)[1]).max().orElseThrow();
    return (double) sequences * newTokens / ((end - begin) / 1e9);
  }

  /** When each round began and ended. */
  private List<long[]> measure(
      DecoderNetwork network,
      PolicySnapshot policy,
      int first,
      int rounds,
      CyclicBarrier together,
      LongSupplier nanos)
      throws Exception {
    int lanes = sequences / samplers;
    Tokenizer tokenizer = endless(shape.vocabulary());
    SamplingSpecification specification =
        new SamplingSpecification(
            1,
            0,
            1,
            newTokens,
            List.of(),
            lanes,
            newTokens,
            SamplingSpecification.Switching.BETWEEN_EPISODES);
    List<long[]> spans = new ArrayList<>();
    try (CompletionSampler sampler =
        new CompletionSampler(network, tokenizer, specification, SEED)) {
      sampler.use(policy);
      for (int round = 0; round <= rounds; round++) {
        together.await();
        long begin = nanos.getAsLong();
        for (int lane = 0; lane < lanes; lane++) {
          sampler.submit(request((long) round * sequences + first + lane));
        }
        while (!sampler.idle()) {
          sampler.advance();
        }
        spans.add(new long[] {begin, nanos.getAsLong()});
      }
    }
    return spans;
  }

  private SampleRequest request(long number) {
    String prompt =
        IntStream.range(1, promptTokens)
            .mapToObj(place -> letter(number, place))
            .collect(Collectors.joining());
    Task task = new Task(number, "benchmark", "", new TaskContent.Prompt(prompt, ""));
    return new SampleRequest(new TrajectoryId(number, 0), new LeaseId(1, 1), 1, task, false);
  }

  private static String letter(long number, int place) {
    return Character.toString((int) ('a' + Math.floorMod(Philox.bits(SEED, number, place), 26L)));
  }

  /** A tokenizer whose end token is never drawn. */
  private static Tokenizer endless(int vocabulary) {
    String alphabet =
        IntStream.range(0, vocabulary - 3)
            .mapToObj(i -> Character.toString('A' + i))
            .collect(Collectors.joining());
    Tokenizer characters = new CharacterTokenizer(alphabet);
    return new Tokenizer() {
      @Override
      public int size() {
        return characters.size();
      }

      @Override
      public IntArray encode(String text) {
        return characters.encode(text);
      }

      @Override
      public TextStream stream() {
        return characters.stream();
      }

      @Override
      public int pad() {
        return characters.pad();
      }

      @Override
      public int begin() {
        return characters.begin();
      }

      @Override
      public int end() {
        return -1;
      }
    };
  }
}
