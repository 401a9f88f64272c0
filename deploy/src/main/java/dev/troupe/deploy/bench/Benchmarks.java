package dev.troupe.deploy.bench;

import dev.troupe.actors.journal.JournalBenchmark;
import dev.troupe.actors.journal.LedgerBenchmark;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.learner.TrainingBenchmark;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.sampling.SamplingBenchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The benchmarks of {@code troupe bench}: decoding and training of the 2.4-million-parameter
 * decoder that speed is promised for, the journal, the books, and the machine's own matrix
 * multiplication as yardstick.
 */
public final class Benchmarks {
  private static final int PROMPT = 16;
  private static final int DRAWN = 32;
  private static final int TRAINED_SEQUENCES = 64;
  private static final int TRAINED_LENGTH = 48;
  private static final int ROUNDS = 5;
  private static final int STEPS = 10;
  private static final int RECEIVERS = 8;
  private static final int LEASES_PER_NODE = 10;
  private static final double LEDGER_RATE = 20_000;
  private static final double LEDGER_SECONDS = 4;
  private static final int PRODUCERS = 4;
  private static final int TRAJECTORY_BYTES = 6_000;
  private static final double PLANE_RATE = 10_000;
  private static final long PLANE_WARM_UP = 300_000;
  private static final Duration PLANE_TIME = Duration.ofSeconds(10);

  private static final int IMAGE_BYTES = 256 << 20;
  private static final int IMAGE_TENSORS = 64;
  private static final int IMAGES = 5;
  private static final Duration MESSAGES_TIME = Duration.ofSeconds(5);
  private static final List<Integer> NODES =
      List.of(4, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512);
  private static final List<Integer> PROCESSES = List.of(4, 8, 16, 32);

  private final Console console;
  private final LongSupplier nanos;
  private final int cores;
  private final Optional<Peer> peer;
  private final DecoderShape shape = SamplingBenchmark.referenceShape();

  /**
   * @param python one with transformers, to compare with; none if empty
   */
  public Benchmarks(Console console, LongSupplier nanos, int cores, Optional<Path> python) {
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

  /** Records of 8 KB made durable, a sync every 100. */
  public void journal() throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-journal");
    try {
      JournalBenchmark.Result result =
          JournalBenchmark.run(
              folder,
              LargeRecord.ofBytes(8_000),
              20_000,
              100,
              Thread.ofPlatform().daemon().name("journal-", 0).factory(),
              nanos);
      console.format(
          "journal    %s records of %s a second, a sync every %d, %.0f MB/s",
          Figures.count(result.recordsPerSecond()),
          Figures.bytes(result.recordBytes()),
          result.groupEvents(),
          result.megabytesPerSecond());
    } finally {
      Folders.delete(folder);
    }
  }

  /**
   * The books of 10, 100 and 1,000 nodes with ten leases each, trajectories of 6 KB: as many as
   * they take, and how soon grants leave at the rate that is promised.
   */
  public void ledger() throws IOException {
    for (int nodes : List.of(10, 100, 1_000)) {
      LedgerBenchmark.Result most = ledger(nodes, 0);
      LedgerBenchmark.Result paced = ledger(nodes, LEDGER_RATE);
      console.format(
          "ledger     %,5d nodes, %,6d leases out: %s trajectories/s, %.1f us of a core each;"
              + " at %s/s grants leave in %.1f ms, 99%% of them within %.1f ms",
          nodes,
          most.leasesOut(),
          console.bold(Figures.count(most.perSecond())),
          most.cpuMicros(),
          Figures.count(paced.perSecond()),
          paced.grantMedianMillis(),
          paced.grantLateMillis());
    }
  }

  private LedgerBenchmark.Result ledger(int nodes, double perSecond) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-ledger");
    try {
      return LedgerBenchmark.run(
          folder,
          new LedgerBenchmark.Load(nodes, LEASES_PER_NODE, perSecond, LEDGER_SECONDS),
          LargeRecord.ofBytes(TRAJECTORY_BYTES),
          Thread.ofPlatform().daemon().name("journal-", 0).factory(),
          nanos,
          threads::getCurrentThreadCpuTime);
    } finally {
      Folders.delete(folder);
    }
  }

  /** Weights from a learner to other nodes, over loopback. */
  public void weights() throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-weights");
    try (WeightsBenchmark large = new WeightsBenchmark(folder.resolve("large"), 256 << 20, nanos);
        WeightsBenchmark small = new WeightsBenchmark(folder.resolve("small"), 64 << 20, nanos)) {
      WeightsBenchmark.Rates plain = large.one(new TransportSecurity.Plain(), ROUNDS);
      console.format(
          "weights    %s MB/s to one receiver, every chunk checked: %.0f%% of a plain socket's"
              + " %.0f; %.0f with the SHA-256 of the whole; %.0f into a file that has to be made",
          console.bold(Figures.count(plain.fetched())),
          100 * plain.fetched() / plain.socket(),
          plain.socket(),
          plain.verified(),
          plain.first());
      WeightsBenchmark.Rates tls = large.one(large.keys(), ROUNDS);
      console.format(
          "weights    with TLS %.0f MB/s, %.0f with the SHA-256 of the whole",
          tls.fetched(), tls.verified());
      WeightsBenchmark.Crowd crowd = small.many(RECEIVERS);
      console.format(
          "weights    %d receivers that share no files: %.2f copies sent by the learner, %.0f MB/s"
              + " to all of them",
          RECEIVERS, crowd.copies(), crowd.together());
      try (WeightsMemory memory =
          new WeightsMemory(
              folder.resolve("memory"), IMAGE_TENSORS, IMAGE_BYTES / IMAGE_TENSORS, nanos)) {
        tell(memory.measure(IMAGES));
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /**
   * Real nodes until no more of them fit or they don't agree any more, several to a process and as
   * processes of their own.
   *
   * @param launcher starts the latter
   */
  public void nodes(Path launcher) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-nodes");
    NodesBenchmark.Limits limits = NodesBenchmark.Limits.DEFAULT;
    try {
      try (NodesBenchmark nodes = new NodesBenchmark(folder.resolve("a"), limits, nanos)) {
        String broke = nodes.run(NODES, this::tell);
        console.format("nodes      %s", broke.isEmpty() ? "nothing broke" : "broke: " + broke);
      }
      processes(launcher, folder.resolve("b"), limits, "reward");
      processes(launcher, folder.resolve("c"), limits, "rollout");
    } finally {
      Folders.delete(folder);
    }
  }

  private void tell(NodesBenchmark.Size size) {
    console.format(
        "nodes      %s in %d processes, the last ones up after %.1f s; one more is seen by all"
            + " after %.1f s (%.1f s in a warm JVM), has left after %.1f s, killed it is gone after"
            + " %.1f s; idle each takes %.2f%% of a core and %s; %d held silent by mistake; load"
            + " %.1f",
        console.bold(Integer.toString(size.nodes())),
        size.processes(),
        size.growth(),
        size.join(),
        size.joinWarm(),
        size.leave(),
        size.kill(),
        100 * size.nodeShare(),
        Figures.bytes(size.nodeBytes()),
        size.silent(),
        size.load());
  }

  private void processes(Path launcher, Path folder, NodesBenchmark.Limits limits, String roles)
      throws IOException {
    try (NodeProcesses processes = new NodeProcesses(launcher, folder, limits, nanos)) {
      for (int count : PROCESSES) {
        NodeProcesses.Size size = processes.measure(count, roles);
        console.format(
            "nodes      %s processes of troupe node --roles %s: %s each (%d would fill this"
                + " machine), %.2f%% of a core when idle; the last was up %.1f s after its command,"
                + " one that was killed gone after %.1f s; load %.1f",
            console.bold(Integer.toString(count)),
            roles,
            Figures.bytes(size.bytes()),
            ProcessMemory.total() / Math.max(1, size.bytes()),
            100 * size.share(),
            size.join(),
            size.kill(),
            size.load());
      }
    } catch (IOException e) {
      console.format("nodes      broke: %s", String.valueOf(e.getMessage()));
    }
  }

  private void tell(WeightsMemory.Taken taken) {
    console.format(
        "weights    a receiver of versions of %s: %s before the first, %s with it, at most %s while"
            + " a later one is pulled and %s while tensors are made of it (VmHWM %s), %s after the"
            + " last: %s copies more at most",
        Figures.bytes(IMAGE_BYTES),
        words(taken.none()),
        words(taken.one()),
        words(taken.pulling()),
        words(taken.making()),
        Figures.bytes(taken.pulling().or(taken.making()).peak()),
        words(taken.after()),
        console.bold(String.format(Locale.ROOT, "%.2f", (double) taken.more() / IMAGE_BYTES)));
  }

  private static String words(ProcessMemory memory) {
    return Figures.bytes(memory.anonymous()) + " + " + Figures.bytes(memory.file()) + " of files";
  }

  /** Small messages between two nodes, over loopback. */
  public void messages() throws IOException {
    try (MessagesBenchmark messages = new MessagesBenchmark(nanos)) {
      MessagesBenchmark.Rates rates = messages.measure(MESSAGES_TIME);
      console.format(
          "messages   %s/s one way to another process, %.2f cores busy, %.1f us each; asks %s/s,"
              + " answered in %.2f ms, 99%% of them within %.2f ms; %s/s from 64 askers, in %.2f"
              + " ms, 99%% within %.1f ms",
          console.bold(Figures.count(rates.oneWay())),
          rates.oneWayCores(),
          1e6 * rates.oneWayCores() / rates.oneWay(),
          Figures.count(rates.single().perSecond()),
          rates.single().medianMillis(),
          rates.single().lateMillis(),
          Figures.count(rates.many().perSecond()),
          rates.many().medianMillis(),
          rates.many().lateMillis());
    }
  }

  /** Trajectories of 6 KB from other processes through reward, replay and journal. */
  public void plane(RunSpecification specification) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-plane");
    try (PlaneBenchmark plane =
        new PlaneBenchmark(
            specification, folder.resolve("run"), PRODUCERS, TRAJECTORY_BYTES, nanos)) {
      plane.warmUp(PLANE_WARM_UP);
      PlaneBenchmark.Flow most = plane.flow(0, PLANE_TIME);
      console.format(
          "plane      %s trajectories/s from %d processes through reward and replay, journaled;"
              + " %.2f cores busy, %.0f us each; pings %.1f ms, 99%% of them within %.1f ms",
          console.bold(Figures.count(most.perSecond())),
          PRODUCERS,
          most.cores(),
          1e6 * most.cores() / most.perSecond(),
          most.pingMedianMillis(),
          most.pingLateMillis());
      PlaneBenchmark.Flow half = plane.flow(PLANE_RATE / 2, PLANE_TIME);
      console.format(
          "plane      at %s/s: %.2f cores busy; pings %.1f ms, 99%% of them within %.1f ms",
          Figures.count(half.perSecond()),
          half.cores(),
          half.pingMedianMillis(),
          half.pingLateMillis());
      plane.flow(0, PLANE_TIME.dividedBy(2));
      tell("disk", plane.withoutDisk());
      plane.flow(0, PLANE_TIME.dividedBy(2));
      tell("learner", plane.withoutLearner());
      console.format("plane      %d trajectories were dropped", plane.dropped());
    } finally {
      Folders.delete(folder);
    }
  }

  private void tell(String what, PlaneBenchmark.Memory memory) {
    console.format(
        "plane      the %s stands still: alive after 5 s and after 15 s %s and %s on the head, %s"
            + " and %s on the producers together",
        what,
        Figures.bytes(memory.headSoon()),
        Figures.bytes(memory.headLater()),
        Figures.bytes(memory.producersSoon()),
        Figures.bytes(memory.producersLater()));
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
