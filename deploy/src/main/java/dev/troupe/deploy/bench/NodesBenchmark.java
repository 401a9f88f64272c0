package dev.troupe.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Real nodes, several to a process, all on loopback: how many of them this machine holds, and how
 * soon they agree on who belongs to them.
 *
 * <p>Every node is what {@code troupe node} starts, but for its HTTP server: an actor system of its
 * own with the settings of every node, its connections, its node actor, its weights server. Three
 * are heads. One more node, the guest, has a process of its own: it joins, leaves, joins again and
 * is killed.
 */
final class NodesBenchmark implements AutoCloseable {
  private static final int DECISION_SHOWN = 200;
  private static final int HEADS = 3;
  private static final Duration REST = Duration.ofSeconds(3);

  /** Nodes that start together: starting takes more of a machine than belonging. */
  private static final int WAVE = 8;

  /** Nodes hold little beside what their number costs, and nothing that C2 would be worth for. */
  static final List<String> HEAP =
      List.of(
          "-Xms256m",
          "-Xmn128m",
          "-Xmx1500m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError");

  /**
   * How far it goes.
   *
   * @param perProcess nodes of a process, at most
   * @param agreement how long nodes may take to agree
   * @param idle how long processor time is measured
   * @param freeShare of the machine's memory that must be left before more nodes are started
   */
  record Limits(int perProcess, Duration agreement, Duration idle, double freeShare) {
    static final Limits DEFAULT =
        new Limits(16, Duration.ofSeconds(150), Duration.ofSeconds(15), 0.25);
  }

  /**
   * What so many nodes came to; times in seconds, each from its cause until all nodes knew.
   *
   * @param nodes beside the guest
   * @param processes that they live in
   * @param growth since the size before: the others' starts and joins
   * @param join of the guest, in a JVM that has just begun
   * @param leave of the guest
   * @param joinWarm of the guest, in a JVM that did it before
   * @param kill of the guest
   * @param nodeShare of one core that a node needs while nothing happens
   * @param nodeBytes of memory that a node needs, its share of its process included
   * @param silent nodes that were held to be unreachable although they lived
   * @param load of the machine
   */
  record Size(
      int nodes,
      int processes,
      double growth,
      double join,
      double leave,
      double joinWarm,
      double kill,
      double nodeShare,
      long nodeBytes,
      int silent,
      double load) {}

  private final Path folder;
  private final Limits limits;
  private final LongSupplier nanos;
  private final List<Child> processes = new ArrayList<>();
  private final Set<String> decided = new HashSet<>();
  private String first = "-";
  private int nodes;
  private int lastHolds;

  NodesBenchmark(Path folder, Limits limits, LongSupplier nanos) {
    this.folder = folder;
    this.limits = limits;
    this.nanos = nanos;
  }

  /**
   * Grows the cluster from size to size until one doesn't work.
   *
   * @param done hears of each size that did
   * @return what broke; empty if nothing did
   */
  String run(List<Integer> sizes, Consumer<Size> done) throws IOException {
    for (int size : sizes) {
      try {
        if (ProcessMemory.available() < limits.freeShare() * ProcessMemory.total()) {
          return "memory: less than a "
              + Math.round(1 / limits.freeShare())
              + "th of the machine's is left with "
              + nodes
              + " nodes";
        }
        done.accept(measure(size));
        decisions();
      } catch (IOException e) {
        return size + " nodes: " + e.getMessage() + firstDecision();
      }
    }
    return "";
  }

  /** What the split-brain resolver decided first at this size, with its reason, if it did. */
  private String firstDecision() throws IOException {
    return decisions().stream()
        .findFirst()
        .map(line -> "; the split-brain resolver's first decision: " + beginning(line))
        .orElse("");
  }

  /** Such a line names all nodes at length; what was decided, and when, stands first. */
  private static String beginning(String line) {
    return line.length() <= DECISION_SHOWN ? line : line.substring(0, DECISION_SHOWN) + "…";
  }

  /** Its decisions since this was last asked, the oldest first. */
  private List<String> decisions() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(file -> file.toString().endsWith(NodesProcess.LOG)).toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          lines
              .filter(line -> line.contains("SBR took decision") && decided.add(line))
              .forEach(found::add);
        }
      }
    }
    return found.stream().sorted().toList();
  }

  private Size measure(int size) throws IOException {
    long begun = nanos.getAsLong();
    grow(size);
    double growth = since(begun);
    Set<String> silent = new HashSet<>(silent(processes));
    rest();
    try (Child guest = child()) {
      List<Child> all = new ArrayList<>(processes);
      all.add(guest);
      double join = join(guest, all);
      silent.addAll(silent(all));
      long leaving = nanos.getAsLong();
      guest.ask("leave");
      agree(processes, nodes);
      double leave = since(leaving);
      // Who leaves may be missed for a moment.
      silent(all);
      double joinWarm = join(guest, all);
      rest();
      double nodeShare = nodeShare();
      silent.addAll(silent(all));
      long killed = nanos.getAsLong();
      guest.kill();
      agree(processes, nodes);
      double kill = since(killed);
      silent(processes);
      return new Size(
          nodes,
          processes.size(),
          growth,
          join,
          leave,
          joinWarm,
          kill,
          nodeShare,
          bytes() / nodes,
          silent.size(),
          Conditions.load());
    }
  }

  private void grow(int size) throws IOException {
    while (nodes < size) {
      if (processes.isEmpty() || lastHolds == limits.perProcess()) {
        processes.add(child());
        lastHolds = 0;
      }
      boolean head = nodes < HEADS;
      int more = head ? 1 : Math.min(WAVE, Math.min(size - nodes, limits.perProcess() - lastHolds));
      String address =
          processes.getLast().ask("start " + more + (head ? " head,reward " : " rollout ") + first);
      first = nodes == 0 ? address : first;
      nodes += more;
      lastHolds += more;
      agree(processes, nodes);
    }
  }

  private Child child() throws IOException {
    Child child = Child.withHeap(NodesProcess.class, List.of(folder.toString()), HEAP);
    child.line();
    return child;
  }

  private double join(Child guest, List<Child> all) throws IOException {
    long begun = nanos.getAsLong();
    guest.ask("start 1 rollout " + first);
    agree(all, nodes + 1);
    return since(begun);
  }

  /** Waits until all nodes of {@code all} see {@code members}. */
  private void agree(List<Child> all, int members) throws IOException {
    for (Child child : all) {
      child.say("agree " + members + " " + limits.agreement().toMillis());
    }
    List<String> odd = new ArrayList<>();
    for (Child child : all) {
      String answer = child.line();
      if (!answer.equals("yes")) {
        odd.add(answer);
      }
    }
    if (!odd.isEmpty()) {
      throw new IOException(
          "no agreement within "
              + limits.agreement().toSeconds()
              + " s, in ["
              + odd.size()
              + "] of ["
              + all.size()
              + "] processes; the first says: "
              + odd.getFirst());
    }
  }

  private static Set<String> silent(List<Child> all) throws IOException {
    Set<String> silent = new HashSet<>();
    for (Child child : all) {
      for (String node : child.ask("silent").split(" ", -1)) {
        if (!node.isEmpty()) {
          silent.add(node);
        }
      }
    }
    return silent;
  }

  private double nodeShare() {
    long busy = busyNanos();
    long begun = nanos.getAsLong();
    sleep(limits.idle());
    return (double) (busyNanos() - busy) / (nanos.getAsLong() - begun) / nodes;
  }

  private long busyNanos() {
    return processes.stream().mapToLong(Child::busyNanos).sum();
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Child child : processes) {
      bytes += ProcessMemory.proportional(child.pid());
    }
    return bytes;
  }

  private double since(long begunNanos) {
    return (nanos.getAsLong() - begunNanos) / 1e9;
  }

  private void rest() {
    sleep(REST);
  }

  private void sleep(Duration time) {
    long end = nanos.getAsLong() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - nanos.getAsLong()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Ends all processes, whatever state they are in. */
  @Override
  public void close() {
    processes.forEach(Child::kill);
  }
}
