package dev.troupe.actors.policy;

import dev.troupe.protocol.policy.PolicyVersion;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The policies in this JVM. A learner puts a snapshot here before it announces its version;
 * samplers take it by version, so that weights pass by reference and no mailbox ever holds them.
 *
 * <p>The shelf is one user of each policy on it. A policy leaves when a newer one is promoted and
 * nobody asked to keep it; its weights live on until the last sampler closes them. Safe for use by
 * several threads.
 */
public final class PolicyShelf implements AutoCloseable {
  private final Map<PolicyVersion, Policy> policies = new LinkedHashMap<>();
  private final Set<PolicyVersion> kept = new HashSet<>();
  private boolean closed;

  /** Takes over the caller's count of {@code policy}. */
  public synchronized void put(Policy policy) {
    if (closed || policies.putIfAbsent(policy.version(), policy) != null) {
      policy.close();
    }
  }

  /** The policy of {@code version}, if it is here; the caller closes it. */
  public synchronized Optional<Policy> take(PolicyVersion version) {
    return Optional.ofNullable(policies.get(version)).map(Policy::retain);
  }

  /** Whether the policy of {@code version} is here. */
  public synchronized boolean has(PolicyVersion version) {
    return policies.containsKey(version);
  }

  /** {@code version} stays until {@link #release}. */
  public synchronized void keep(PolicyVersion version) {
    kept.add(version);
  }

  /** Makes {@code newest} the newest: older ones leave, except those that are kept. */
  public synchronized void promote(PolicyVersion newest) {
    dropIf(newest);
  }

  /** {@code version} needs not be kept any more; it leaves unless it is {@code newest}. */
  public synchronized void release(PolicyVersion version, PolicyVersion newest) {
    kept.remove(version);
    dropIf(newest);
  }

  /** Nothing needs to be kept any more but {@code newest}. */
  public synchronized void releaseAll(PolicyVersion newest) {
    kept.clear();
    dropIf(newest);
  }

  /** How many are here. */
  public synchronized int size() {
    return policies.size();
  }

  private void dropIf(PolicyVersion newest) {
    policies
        .entrySet()
        .removeIf(
            entry -> {
              boolean drop =
                  VersionOrder.newer(newest, entry.getKey()) && !kept.contains(entry.getKey());
              if (drop) {
                entry.getValue().close();
              }
              return drop;
            });
  }

  @Override
  public synchronized void close() {
    closed = true;
    policies.values().forEach(Policy::close);
    policies.clear();
  }
}
