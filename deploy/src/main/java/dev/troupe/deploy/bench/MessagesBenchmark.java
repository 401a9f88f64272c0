package dev.troupe.deploy.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.plane.MessageRate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Small messages from this process to another, both nodes of a real cluster on loopback. */
final class MessagesBenchmark implements AutoCloseable {
  private static final int ASKERS = 64;

  /**
   * What passes between two nodes.
   *
   * @param oneWay messages a second, one after the other
   * @param oneWayCores that both processes kept busy meanwhile
   * @param single one asker, who waits for each answer
   * @param many {@link #ASKERS} askers at a time
   */
  record Rates(double oneWay, double oneWayCores, MessageRate.Asks single, MessageRate.Asks many) {}

  private final LongSupplier nanos;
  private final MessageRate here;
  private final Child there;
  private final List<String> peer;

  MessagesBenchmark(LongSupplier nanos) throws IOException {
    this.nanos = nanos;
    here = MessageRate.start(free(), nanos);
    there = Child.start(MessagesProcess.class, List.of(here.address().toString()));
    peer = List.of(there.line().split(" ", -1));
  }

  private static HostPort free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new HostPort("127.0.0.1", socket.getLocalPort());
    }
  }

  /** Measures each kind for {@code time}, after as long for what has to be compiled. */
  Rates measure(Duration time) throws IOException {
    try {
      here.oneWay(peer, time);
      here.asks(peer, ASKERS, time);
      long busy = busyNanos();
      long begun = nanos.getAsLong();
      double oneWay = here.oneWay(peer, time);
      double cores = (double) (busyNanos() - busy) / (nanos.getAsLong() - begun);
      return new Rates(oneWay, cores, here.asks(peer, 1, time), here.asks(peer, ASKERS, time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IOException(e);
    }
  }

  private long busyNanos() {
    return there.busyNanos()
        + (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean own
            ? own.getProcessCpuTime()
            : 0);
  }

  @Override
  public void close() {
    there.close();
    here.close();
  }
}
