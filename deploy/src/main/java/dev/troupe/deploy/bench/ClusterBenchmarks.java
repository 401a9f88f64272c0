package dev.troupe.deploy.bench;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What passes between nodes, and how many of them fit on this machine. */
public final class ClusterBenchmarks {
  private static final int WEIGHTS_ROUNDS = 5;
  private static final int RECEIVERS = 8;
  private static final int IMAGE_BYTES = 256 << 20;
  private static final int IMAGE_TENSORS = 64;
  private static final int IMAGES = 5;
  private static final Duration MESSAGES_TIME = Duration.ofSeconds(5);
  private static final int PRODUCERS = 4;
  private static final int TRAJECTORY_BYTES = 6_000;
  private static final double PLANE_RATE = 10_000;
  private static final long PLANE_WARM_UP = 300_000;
  private static final Duration PLANE_TIME = Duration.ofSeconds(10);
  private static final List<Integer> NODES =
      List.of(4, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512);
  private static final List<Integer> PROCESSES = List.of(4, 8, 16, 32);

  private final Console console;
  private final LongSupplier nanos;
  private final Scratch scratch;

  public ClusterBenchmarks(Console console, LongSupplier nanos, Scratch scratch) {
    this.console = console;
    this.nanos = nanos;
    this.scratch = scratch;
  }

  /** Weights from a learner to other nodes, over loopback. */
  public void weights() throws IOException {
    try (Scratch.Folder folder = scratch.folder("bench-weights");
        WeightsBenchmark large =
            new WeightsBenchmark(folder.path().resolve("large"), 256 << 20, nanos);
        WeightsBenchmark small =
            new WeightsBenchmark(folder.path().resolve("small"), 64 << 20, nanos)) {
      WeightsBenchmark.Rates plain = large.one(new TransportSecurity.Plain(), WEIGHTS_ROUNDS);
      console.format(
          "weights    %s MB/s to one receiver, every chunk and the whole verified: %.0f%% of a"
              + " plain socket's %.0f; %.0f into a file that has to be made",
          console.bold(Figures.count(plain.verified())),
          100 * plain.verified() / plain.socket(),
          plain.socket(),
          plain.first());
      WeightsBenchmark.Rates tls = large.one(large.keys(), WEIGHTS_ROUNDS);
      console.format("weights    with TLS %.0f MB/s", tls.verified());
      WeightsBenchmark.Crowd crowd = small.many(RECEIVERS);
      console.format(
          "weights    %d receivers that share no files: %.2f copies sent by the learner, %.0f MB/s"
              + " to all of them",
          RECEIVERS, crowd.copies(), crowd.together());
      try (WeightsMemory memory =
          new WeightsMemory(
              folder.path().resolve("memory"), IMAGE_TENSORS, IMAGE_BYTES / IMAGE_TENSORS, nanos)) {
        tell(memory.measure(IMAGES));
      }
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
    try (Scratch.Folder folder = scratch.folder("bench-plane");
        PlaneBenchmark plane =
            new PlaneBenchmark(
                specification, folder.path().resolve("run"), PRODUCERS, TRAJECTORY_BYTES, nanos)) {
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
   * Real nodes until no more of them fit or they don't agree any more, several to a process and as
   * processes of their own.
   *
   * @param launcher starts the latter
   */
  public void nodes(Path launcher) throws IOException {
    NodesBenchmark.Limits limits = NodesBenchmark.Limits.DEFAULT;
    try (Scratch.Folder folder = scratch.folder("bench-nodes")) {
      try (NodesBenchmark nodes = new NodesBenchmark(folder.path().resolve("a"), limits, nanos)) {
        String broke = nodes.run(NODES, this::tell);
        console.format("nodes      %s", broke.isEmpty() ? "nothing broke" : "broke: " + broke);
      }
      processes(launcher, folder.path().resolve("b"), limits, "reward");
      processes(launcher, folder.path().resolve("c"), limits, "rollout");
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
}
