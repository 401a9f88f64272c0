package dev.troupe.deploy.bench;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.deploy.node.Addresses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Whole {@code troupe node} processes on this machine, as the launcher starts them. */
final class NodeProcesses implements AutoCloseable {
  /** Starts the rest as a process, says its number, and kills it when nobody listens any more. */
  private static final String KEEPER =
      "\"$@\" > /dev/null 2>&1 < /dev/null & node=$!; echo $node; cat > /dev/null; kill -9 $node 2>"
          + " /dev/null";

  /**
   * What so many of them came to; seconds from the cause until another node knew.
   *
   * @param join of the last one, from its command line on
   * @param kill of one of them
   * @param bytes of each, on average; pages that processes share count in part
   * @param share of one core that each needs while it has no run
   */
  record Size(int nodes, double join, double kill, long bytes, double share, double load) {}

  private record Node(Process keeper, long pid) {}

  private final Path launcher;
  private final Path folder;
  private final NodesBenchmark.Limits limits;
  private final LongSupplier nanos;
  private final List<Node> nodes = new ArrayList<>();
  private final HostPort address;
  private final Node head;
  private final Child watcher;

  NodeProcesses(Path launcher, Path folder, NodesBenchmark.Limits limits, LongSupplier nanos)
      throws IOException {
    this.launcher = launcher;
    this.folder = folder;
    this.limits = limits;
    this.nanos = nanos;
    this.address = Addresses.free(new HostPort("127.0.0.1", 0)).cluster();
    this.head = start("head", address.toString(), List.of());
    this.watcher =
        Child.withHeap(
            NodesProcess.class, List.of(folder.resolve("watcher").toString()), NodesBenchmark.HEAP);
    watcher.line();
    watcher.ask("start 1 reward " + address);
  }

  /** So many together; one of them is killed at the end. */
  Size measure(int count, String roles) throws IOException {
    double join = 0;
    while (nodes.size() < count) {
      if (ProcessMemory.available() < limits.freeShare() * ProcessMemory.total()) {
        throw new IOException("memory: " + Conditions.now() + " with " + nodes.size() + " nodes");
      }
      long begun = nanos.getAsLong();
      nodes.add(start(roles, "127.0.0.1:0", List.of("--join", address.toString())));
      agree();
      join = since(begun);
    }
    long busy = busyNanos();
    long begun = nanos.getAsLong();
    long end = begun + limits.idle().toNanos();
    for (long left = end - begun; left > 0; left = end - nanos.getAsLong()) {
      LockSupport.parkNanos(left);
    }
    double share = (double) (busyNanos() - busy) / (nanos.getAsLong() - begun) / count;
    long bytes = 0;
    for (Node node : nodes) {
      bytes += ProcessMemory.proportional(node.pid());
    }
    long killed = nanos.getAsLong();
    nodes.removeLast().keeper().outputWriter().close();
    agree();
    return new Size(count, join, since(killed), bytes / count, share, Conditions.load());
  }

  private Node start(String roles, String bind, List<String> join) throws IOException {
    Path own = folder.resolve("process-" + nanos.getAsLong());
    List<String> command = new ArrayList<>(List.of("bash", "-c", KEEPER, "nodes"));
    command.addAll(List.of(launcher.toString(), "node", "--roles", roles, "--bind", bind));
    command.addAll(List.of("--home", folder.resolve("home").toString()));
    command.addAll(List.of("--scratch", own.toString()));
    command.addAll(join);
    Process keeper =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new Node(keeper, Long.parseLong(keeper.inputReader().readLine()));
  }

  private void agree() throws IOException {
    String answer =
        watcher.ask("agree " + (nodes.size() + 2) + " " + Duration.ofSeconds(60).toMillis());
    if (!answer.equals("yes")) {
      throw new IOException(answer);
    }
  }

  private long busyNanos() {
    return nodes.stream()
        .flatMap(node -> ProcessHandle.of(node.pid()).stream())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToLong(Duration::toNanos)
        .sum();
  }

  private double since(long begunNanos) {
    return (nanos.getAsLong() - begunNanos) / 1e9;
  }

  /** Its keeper kills a node when nobody speaks to it any more. */
  @Override
  public void close() {
    nodes.add(head);
    for (Node node : nodes) {
      try {
        node.keeper().outputWriter().close();
        node.keeper().waitFor();
      } catch (IOException _) {
        // Its keeper has ended, and with it the node.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    watcher.kill();
  }
}
