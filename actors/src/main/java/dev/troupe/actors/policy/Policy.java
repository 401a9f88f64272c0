package dev.troupe.actors.policy;

import dev.troupe.protocol.policy.PolicyVersion;

/** Weights of one version, which nobody changes, counted by their users. */
public interface Policy extends AutoCloseable {
  PolicyVersion version();

  /** Counts one more user, who closes what this returns. */
  Policy retain();

  /** One user less; the last one frees the weights. */
  @Override
  void close();
}
