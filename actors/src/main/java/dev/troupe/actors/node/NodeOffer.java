package dev.troupe.actors.node;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import java.util.List;
import java.util.Set;

/**
 * What a node offers to the cluster.
 *
 * @param name unique in the cluster
 * @param slots rollout actors that it has room for; 0 without that role
 * @param version of the program, for people
 */
public record NodeOffer(
    String name,
    HostPort address,
    HostPort api,
    HostPort data,
    Set<Role> roles,
    List<String> devices,
    int processors,
    long memoryBytes,
    String version,
    int slots) {
  public NodeOffer {
    roles = Set.copyOf(roles);
    devices = List.copyOf(devices);
  }

  /** Learners that it has room for: one a device. */
  public int learnersMax() {
    return roles.contains(Role.LEARNER) ? Math.max(1, devices.size()) : 0;
  }
}
