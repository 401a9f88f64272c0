package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.policy.PolicyVersion;

/**
 * From generated token {@code fromToken} (0 = the first the policy wrote) on, {@code version}
 * sampled.
 */
public record VersionSpan(int fromToken, PolicyVersion version) {
  public VersionSpan {
    Check.atLeast("fromToken", 0, fromToken);
  }
}
