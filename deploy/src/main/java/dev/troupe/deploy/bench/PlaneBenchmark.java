package dev.troupe.deploy.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.plane.PlaneAddress;
import dev.troupe.actors.plane.PlaneHead;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Trajectories from producing processes through reward and replay into the journal and on to a
 * learner that takes them at once: nodes of a real cluster on loopback, of which this process is
 * the head.
 */
final class PlaneBenchmark implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int LANES = 256;
  private static final Duration BATCH_WITHIN = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(5);

  /**
   * As fast as it goes, or at a given pace.
   *
   * @param perSecond trajectories that came to the learner, journaled
   * @param cores that all processes together kept busy
   * @param pingMedianMillis between nodes, there and back
   * @param pingLateMillis within which 99 of 100 pings were answered
   */
  record Flow(double perSecond, double cores, double pingMedianMillis, double pingLateMillis) {}

  /**
   * What is alive on the heaps while something stands still.
   *
   * @param headSoon after five seconds, on the head
   * @param headLater after ten more
   * @param producersSoon on the heaps of all producers together
   */
  record Memory(long headSoon, long headLater, long producersSoon, long producersLater) {}

  private final LongSupplier nanos;
  private final PlaneHead head;
  private final List<Child> producers = new ArrayList<>();

  /**
   * @param trajectoryBytes size of a trajectory
   */
  PlaneBenchmark(
      RunSpecification specification,
      Path folder,
      int processes,
      int trajectoryBytes,
      LongSupplier nanos)
      throws IOException {
    this.nanos = nanos;
    this.head =
        PlaneHead.start(
            specification,
            new RunDirectory(folder).create(),
            free(),
            Clock.systemUTC(),
            nanos,
            Thread.ofPlatform().daemon().name("troupe-io-", 0).factory());
    PlaneAddress address = head.address();
    for (int i = 0; i < processes; i++) {
      List<String> arguments = new ArrayList<>();
      arguments.add("node-" + i + "/rollout-0");
      arguments.add(Integer.toString(LANES));
      arguments.add(Integer.toString(trajectoryBytes));
      arguments.addAll(address.arguments());
      producers.add(Child.start(PlaneProcess.class, arguments));
    }
    for (Child producer : producers) {
      head.begin(producer.line());
    }
    awaitTrajectories(1);
  }

  private void awaitTrajectories(long wanted) throws IOException {
    PlaneHead.Count last = head.count();
    long since = nanos.getAsLong();
    while (last.trajectories() < wanted) {
      sleep(Duration.ofMillis(100));
      head.remind();
      if (!head.count().equals(last)) {
        last = head.count();
        since = nanos.getAsLong();
      } else if (nanos.getAsLong() - since > BATCH_WITHIN.toNanos()) {
        throw new IOException(
            "no batch in [" + BATCH_WITHIN.toSeconds() + "] s; the ledger: " + head.totals());
      }
    }
  }

  private static HostPort free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new HostPort(HOST, socket.getLocalPort());
    }
  }

  /** Trajectories that were dropped for whatever reason. */
  long dropped() {
    return head.totals().droppedTotal();
  }

  /** Lets so many come, so that what is measured is compiled. */
  void warmUp(long trajectories) throws IOException {
    awaitTrajectories(trajectories);
  }

  /**
   * @param perSecond trajectories of all producers together; 0 = as many as are asked for
   */
  Flow flow(double perSecond, Duration time) throws IOException {
    for (Child producer : producers) {
      producer.say("pace " + perSecond / producers.size());
    }
    sleep(SETTLE);
    pings();
    PlaneHead.Count from = head.count();
    long busy = busyNanos();
    long began = nanos.getAsLong();
    sleep(time);
    double cores = (double) (busyNanos() - busy) / (nanos.getAsLong() - began);
    double rate = head.count().perSecondSince(from);
    List<Long> pings = pings();
    return new Flow(rate, cores, at(pings, 0.5), at(pings, 0.99));
  }

  private static double at(List<Long> sorted, double share) {
    return sorted.isEmpty() ? Double.NaN : sorted.get((int) (sorted.size() * share)) / 1e6;
  }

  private List<Long> pings() throws IOException {
    List<Long> all = new ArrayList<>();
    for (Child producer : producers) {
      for (String one : producer.ask("pings").split(" ", -1)) {
        if (!one.isEmpty()) {
          all.add(Long.parseLong(one));
        }
      }
    }
    return all.stream().sorted().toList();
  }

  private long busyNanos() {
    long busy = producers.stream().mapToLong(Child::busyNanos).sum();
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean own
        ? busy + own.getProcessCpuTime()
        : busy;
  }

  /** The journal's disk doesn't answer for a while. */
  Memory withoutDisk() throws IOException {
    head.stopDisk(true);
    try {
      return memory();
    } finally {
      head.stopDisk(false);
    }
  }

  /** The learner takes no further batch, for good. */
  Memory withoutLearner() throws IOException {
    head.stopLearner();
    return memory();
  }

  private Memory memory() throws IOException {
    sleep(STALL);
    long headSoon = PlaneProcess.alive();
    long producersSoon = producersAlive();
    sleep(STALL.multipliedBy(2));
    return new Memory(headSoon, PlaneProcess.alive(), producersSoon, producersAlive());
  }

  private long producersAlive() throws IOException {
    long sum = 0;
    for (Child producer : producers) {
      sum += Long.parseLong(producer.ask("memory"));
    }
    return sum;
  }

  private void sleep(Duration time) {
    long end = nanos.getAsLong() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - nanos.getAsLong()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    producers.forEach(Child::close);
    head.close();
  }
}
