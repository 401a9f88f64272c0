package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.runs.Placement.Need;
import dev.troupe.actors.runs.Placement.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a run lacks of the cluster.
 *
 * @param role that a node would have to have
 * @param device likewise; empty = any
 * @param words for people
 */
record Shortage(Role role, String device, String words) {

  static Shortage ofLearner(List<Node> nodes, Need need) {
    List<Node> of = with(nodes, Role.LEARNER);
    List<Node> fit = of.stream().filter(node -> node.fits(need)).toList();
    return fit.isEmpty()
        ? ofNode(Role.LEARNER, need, of)
        : new Shortage(
            Role.LEARNER,
            need.device(),
            "a learner node with room: the ["
                + fit.size()
                + "] there are have learners of other runs");
  }

  static Shortage ofRollout(List<Node> nodes, Need need) {
    List<Node> of = with(nodes, Role.ROLLOUT);
    int slots = of.stream().filter(node -> node.fits(need)).mapToInt(Node::slots).sum();
    return slots == 0
        ? ofNode(Role.ROLLOUT, need, of)
        : new Shortage(
            Role.ROLLOUT,
            need.device(),
            "a rollout slot: the [" + slots + "] there are belong to runs before it");
  }

  static Shortage ofReward() {
    return new Shortage(Role.REWARD, "", "a node with role reward: there is none");
  }

  private static List<Node> with(List<Node> nodes, Role role) {
    return nodes.stream().filter(node -> node.has(role)).toList();
  }

  /** Nobody has the device and the memory. */
  private static Shortage ofNode(Role role, Need need, List<Node> of) {
    String device = need.device();
    List<Node> large = of.stream().filter(node -> node.devices().contains(device)).toList();
    if (!large.isEmpty()) {
      return new Shortage(
          role,
          device,
          "a node with role "
              + role.text()
              + " and "
              + gigabytes(need.memory())
              + " of memory: the ["
              + large.size()
              + "] with that role and device "
              + device
              + " have at most "
              + gigabytes(large.stream().mapToLong(Node::memory).max().orElse(0)));
    }
    String what = "a node with role " + role.text();
    if (of.isEmpty()) {
      String on = device.equals("cpu") ? "" : " and device " + device;
      return new Shortage(role, device, what + on + ": there is none");
    }
    Set<String> offered = new TreeSet<>();
    of.forEach(node -> offered.addAll(node.devices()));
    return new Shortage(
        role,
        device,
        what
            + " and device "
            + device
            + ": the ["
            + of.size()
            + "] with that role offer "
            + String.join(", ", offered));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  /**
   * How shortages are told.
   *
   * @param join a node that is there
   * @param home the cluster's directory
   */
  record Words(HostPort join, Path home) {

    /**
     * All of {@code shortages}, and the command line of a node that would end them; empty without
     * any.
     */
    String of(List<Shortage> shortages) {
      return shortages.isEmpty()
          ? ""
          : shortages.stream().map(Shortage::words).collect(Collectors.joining("; "))
              + "; such a node: "
              + command(shortages);
    }

    private String command(List<Shortage> shortages) {
      Set<Role> roles = new TreeSet<>();
      Set<String> devices = new TreeSet<>();
      for (Shortage shortage : shortages) {
        roles.add(shortage.role());
        devices.add(shortage.device());
      }
      devices.remove("");
      StringBuilder command = new StringBuilder("./troupe node --roles ");
      command.append(roles.stream().map(Role::text).collect(Collectors.joining(",")));
      if (!devices.isEmpty() && !devices.equals(Set.of("cpu"))) {
        command.append(" --devices ").append(String.join(",", devices));
      }
      command.append(isLoopback() ? " --bind " + join.host() + ":0" : " --bind ITS-HOST:7355");
      command.append(" --join ").append(join);
      if (roles.contains(Role.LEARNER)) {
        command.append(" --home ").append(home);
      }
      if (!isLoopback()) {
        command.append(" --keys ITS-KEYS");
      }
      return command.toString();
    }

    private boolean isLoopback() {
      return join.host().equals("localhost")
          || join.host().startsWith("127.")
          || join.host().equals("::1");
    }
  }
}
