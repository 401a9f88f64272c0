package dev.troupe.deploy.api;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.weights.WeightTraffic;
import dev.troupe.deploy.metrics.Exposition;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Figures of a node and, on the active head, of the cluster, for Prometheus. */
final class NodeFigures {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int PAGE_BYTES = 4096;
  private static final double NANOS = 1e9;

  private NodeFigures() {}

  static void process(Exposition to, NodeCard card, boolean up) {
    String node = card.name();
    to.gauge(
        "troupe_node_info",
        "1; says what this node is.",
        1,
        "node",
        node,
        "roles",
        card.roles().stream().sorted().map(Role::text).collect(Collectors.joining(",")),
        "release",
        card.release(),
        "protocol",
        Integer.toString(card.protocol()));
    to.gauge("troupe_node_up", "1 while the cluster has this node.", up ? 1 : 0, "node", node);
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    to.gauge("troupe_heap_used_bytes", "Java heap in use.", memory.getUsed(), "node", node);
    to.gauge("troupe_heap_max_bytes", "Limit of the Java heap.", memory.getMax(), "node", node);
    to.gauge("troupe_resident_bytes", "Memory of the process.", resident(), "node", node);
    to.gauge("troupe_open_files", "File descriptors in use.", descriptors(), "node", node);
    to.gauge(
        "troupe_threads",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount(),
        "node",
        node);
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      to.counter(
          "troupe_cpu_seconds_total",
          "Processor time of the process.",
          system.getProcessCpuTime() / NANOS,
          "node",
          node);
    }
    to.counter(
        "troupe_gc_seconds_total",
        "Time in garbage collection.",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum()
            / 1000.0,
        "node",
        node);
    to.gauge(
        "troupe_uptime_seconds",
        "Since the process began.",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0,
        "node",
        node);
  }

  private static double resident() {
    try {
      return Double.parseDouble(Files.readString(STATM).split(" ")[1]) * PAGE_BYTES;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static double descriptors() {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  static void disk(Exposition to, NodeCard card, String use, Path folder) {
    try {
      to.gauge(
          "troupe_disk_free_bytes",
          "Of the file systems that this node writes to.",
          Files.getFileStore(folder).getUsableSpace(),
          "node",
          card.name(),
          "use",
          use);
    } catch (IOException _) {
      // A folder that is away has no figure; the scrape shows its absence.
    }
  }

  static void weights(Exposition to, NodeCard card, WeightTraffic traffic) {
    String node = card.name();
    to.counter(
        "troupe_weights_sent_bytes_total",
        "Weights sent to other nodes.",
        traffic.bytesSent(),
        "node",
        node);
    to.counter(
        "troupe_weights_received_bytes_total",
        "Weights received from other nodes.",
        traffic.bytesReceived(),
        "node",
        node);
    Map<String, Long> outcomes =
        new TreeMap<>(
            Map.of(
                "fetched", traffic.fetched(),
                "found", traffic.found(),
                "cancelled", traffic.cancelled(),
                "failed", traffic.failed()));
    outcomes.forEach(
        (outcome, count) ->
            to.counter(
                "troupe_weights_transfers_total",
                "Versions that this node wanted, by what came of it.",
                count,
                "node",
                node,
                "outcome",
                outcome));
    to.counter(
        "troupe_weights_transfer_seconds_total",
        "Time that the fetched versions took together.",
        traffic.fetchNanos() / NANOS,
        "node",
        node);
    to.gauge(
        "troupe_weights_connections",
        "Connections of nodes that fetch from this one.",
        traffic.connections(),
        "node",
        node);
    to.counter(
        "troupe_weights_damaged_total",
        "Chunks of weights that came damaged and were fetched again.",
        traffic.damaged(),
        "node",
        node);
    to.counter(
        "troupe_weights_refused_total",
        "Connections that were cut off for what they said or didn't say.",
        traffic.refused(),
        "node",
        node);
  }

  static void cluster(Exposition to, ClusterView view) {
    for (ClusterView.NodeState state : ClusterView.NodeState.values()) {
      to.gauge(
          "troupe_cluster_nodes",
          "Nodes by state.",
          view.nodes().stream().filter(node -> node.state() == state).count(),
          "state",
          ClusterJson.label(state));
    }
    for (ClusterView.RunState state : ClusterView.RunState.values()) {
      to.gauge(
          "troupe_cluster_runs",
          "Runs by state.",
          view.runs().stream().filter(run -> run.state() == state).count(),
          "state",
          ClusterJson.label(state));
    }
    for (ClusterView.Node node : view.nodes()) {
      to.gauge(
          "troupe_cluster_slots", "Rollout actors with room.", node.slots(), "node", node.name());
      node.allotted()
          .forEach(
              (run, slots) ->
                  to.gauge(
                      "troupe_cluster_slots_allotted",
                      "Rollout actors of a run on a node.",
                      slots,
                      "node",
                      node.name(),
                      "run",
                      run));
    }
    for (ClusterView.Run run : view.runs()) {
      rates(to, run);
      for (ActorProgress actor : run.actors()) {
        to.gauge(
            "troupe_actor_waiting_seconds",
            "Since an actor's last progress, while it waits; 0 while it works.",
            actor.waitsFor().isEmpty() ? 0 : actor.since().toMillis() / 1000.0,
            "run",
            run.name(),
            "actor",
            actor.name());
      }
    }
  }

  /** Actors of a node have names that begin with the node's and a slash. */
  private static void rates(Exposition to, ClusterView.Run run) {
    Map<String, Double> rates = new TreeMap<>();
    for (ActorProgress actor : run.actors()) {
      int slash = actor.name().indexOf('/');
      if (slash > 0) {
        rates.merge(actor.name().substring(0, slash), actor.tokensPerSecond(), Double::sum);
      }
    }
    rates.forEach(
        (node, rate) ->
            to.gauge(
                "troupe_node_sampling_tokens_per_second",
                "Of a node for a run, over the last seconds.",
                rate,
                "node",
                node,
                "run",
                run.name()));
  }
}
