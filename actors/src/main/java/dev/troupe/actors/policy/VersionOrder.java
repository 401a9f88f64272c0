package dev.troupe.actors.policy;

import dev.troupe.protocol.policy.PolicyVersion;
import java.util.Comparator;

/** Which version is newer: a later incarnation's always is, even with fewer updates. */
public final class VersionOrder {
  private static final Comparator<PolicyVersion> OLDEST_FIRST =
      Comparator.comparingInt(PolicyVersion::incarnation)
          .thenComparingLong(PolicyVersion::update)
          .thenComparingInt(PolicyVersion::adjustment);

  private VersionOrder() {}

  /** Whether {@code version} comes after {@code other}. */
  public static boolean newer(PolicyVersion version, PolicyVersion other) {
    return OLDEST_FIRST.compare(version, other) > 0;
  }

  /** Whether {@code version} is the one of that incarnation and update, or a newer one. */
  public static boolean reached(PolicyVersion version, int incarnation, long update) {
    return version.incarnation() > incarnation
        || (version.incarnation() == incarnation && version.update() >= update);
  }
}
