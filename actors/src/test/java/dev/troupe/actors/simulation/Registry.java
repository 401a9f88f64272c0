package dev.troupe.actors.simulation;

import dev.troupe.actors.policy.VersionOrder;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Knows the newest version and the caches that want it; begins with nothing at a takeover. */
final class Registry {
  private final Head head;
  private final Map<String, Party.Address> caches = new LinkedHashMap<>();
  private Optional<PolicyVersion> newest = Optional.empty();

  Registry(Head head) {
    this.head = head;
  }

  void publish(PolicyVersion version) {
    if (newest.isEmpty() || VersionOrder.newer(version, newest.get())) {
      newest = Optional.of(version);
    }
    caches.values().forEach(cache -> head.send(cache, new Message.Announce(version)));
  }

  /** A cache tells what it has: that is how a registry that began anew learns of it. */
  void join(Party.Address cache, Optional<PolicyVersion> has) {
    caches.put(cache.party().name, cache);
    if (has.isPresent() && (newest.isEmpty() || VersionOrder.newer(has.get(), newest.get()))) {
      newest = has;
    }
    newest.ifPresent(version -> head.send(cache, new Message.Announce(version)));
  }
}
