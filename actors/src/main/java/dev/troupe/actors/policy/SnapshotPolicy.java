package dev.troupe.actors.policy;

import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.policy.PolicyVersion;

/** A counted snapshot of a network's weights. */
public record SnapshotPolicy(PolicySnapshot snapshot) implements Policy {
  @Override
  public PolicyVersion version() {
    return snapshot.version();
  }

  @Override
  public Policy retain() {
    return new SnapshotPolicy(snapshot.retain());
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
