package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.Role;
import dev.troupe.deploy.node.Devices;
import dev.troupe.deploy.node.NodeRefusedException;
import dev.troupe.model.torch.TorchRuntime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a node. */
final class NodeSettings {
  @Option(
      names = "--roles",
      paramLabel = "ROLE[,...]",
      description =
          "What the node does: head (runs, API), learner (trains), rollout (samples), reward"
              + " (verifies). All if not given.")
  private String roles = "head,learner,rollout,reward";

  @Option(
      names = "--bind",
      paramLabel = "HOST:PORT",
      description =
          "The node's address, by which others reach it, too; "
              + ClusterOptions.DEFAULT
              + " if not given. Port 0 takes three free ones.")
  private String bind = ClusterOptions.DEFAULT;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Nodes to join through. A head whose own address stands first begins the cluster when"
              + " nobody else is there.")
  private @Nullable String join;

  @Option(
      names = "--join-within",
      paramLabel = "SECONDS",
      description = "How long to wait for somebody to join; 10 if not given.")
  private int joinWithin = 10;

  @Option(
      names = "--lost-after",
      paramLabel = "SECONDS",
      description =
          "How long a silent node is waited for until it is removed and its work goes elsewhere;"
              + " 8 if not given. Who begins the cluster says it, the others do the same.")
  private @Nullable Integer lostAfter;

  @Option(
      names = "--devices",
      paramLabel = "DEVICE[,...]",
      description = "Where it computes: cpu, cuda:0, cuda:1 and so on; cpu if not given.")
  private String devices = "cpu";

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Rollout actors that there is room for; if not given one a GPU, else one a core, with one"
              + " core left to a learner.")
  private @Nullable Integer slots;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "The cluster's folder, one folder a run in it; the same storage for all heads and"
              + " learners. cluster/ if not given.")
  private Path home = Path.of("cluster");

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "The node's own folder for its log, weights and files that it pulled.")
  private @Nullable Path scratch;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The node's name, unique in the cluster; HOST-PORT if not given.")
  private @Nullable String name;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "Keys for TLS between nodes; a must off loopback. See ./troupe keys --help.")
  private @Nullable Path keys;

  Set<Role> roles() {
    try {
      return Role.parse(roles);
    } catch (IllegalArgumentException e) {
      throw new NodeRefusedException("--roles: " + e.getMessage());
    }
  }

  HostPort bind() {
    try {
      return HostPort.parse(bind);
    } catch (IllegalArgumentException e) {
      throw new NodeRefusedException("--bind: " + e.getMessage());
    }
  }

  List<HostPort> join() {
    return join == null ? List.of() : ClusterOptions.addresses(join, "--join");
  }

  Duration joinWithin() {
    return Duration.ofSeconds(joinWithin);
  }

  Optional<LostAfter> lostAfter() {
    try {
      return Optional.ofNullable(lostAfter).map(LostAfter::new);
    } catch (IllegalArgumentException e) {
      throw new NodeRefusedException("--lost-after: " + e.getMessage());
    }
  }

  List<String> devices() {
    return Devices.parse(devices, TorchRuntime::devices);
  }

  int slots(Set<Role> roles, List<String> devices) {
    if (!roles.contains(Role.ROLLOUT)) {
      return 0;
    }
    if (slots != null && slots < 1) {
      throw new NodeRefusedException("--slots: got [" + slots + "], expected at least 1");
    }
    return slots != null
        ? slots
        : Devices.slots(
            devices, Runtime.getRuntime().availableProcessors(), roles.contains(Role.LEARNER));
  }

  Path home() {
    return home;
  }

  Path scratch(String nodeName) {
    return scratch != null
        ? scratch
        : Path.of(
            System.getProperty("java.io.tmpdir", "/tmp"),
            "troupe-" + System.getProperty("user.name", "nobody"),
            nodeName);
  }

  /** The name, made of the address where none is given. */
  String name(HostPort address) {
    String chosen = name == null ? host(address) + "-" + address.port() : name;
    if (!chosen.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
      throw new NodeRefusedException(
          "--name: got ["
              + chosen
              + "], expected at most 63 letters, digits, dots, dashes and underscores");
    }
    return chosen;
  }

  private static String host(HostPort address) {
    if (address.host().matches("127(\\.[0-9]+){3}|::1|localhost")) {
      try {
        return InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
      } catch (UnknownHostException e) {
        return "node";
      }
    }
    return address.host().replace(':', '-');
  }

  Optional<Path> keys() {
    return Optional.ofNullable(keys).or(() -> ClusterOptions.keysOf(System.getenv()));
  }
}
