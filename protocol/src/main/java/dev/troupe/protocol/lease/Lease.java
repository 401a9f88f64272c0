package dev.troupe.protocol.lease;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.tensor.IntArray;
import java.time.Duration;

/**
 * Permission to sample members of a group.
 *
 * @param members which ones, ascending
 * @param attempt 1 for the first grant of these ids
 * @param limit how long the holder may take before it must renew
 */
public record Lease(LeaseId id, Group group, IntArray members, int attempt, Duration limit) {
  public Lease {
    Check.that(!members.isEmpty(), "members", "at least one member", members);
    for (int i = 0; i < members.size(); i++) {
      Check.that(
          members.at(i) < group.size() && members.at(i) > (i == 0 ? -1 : members.at(i - 1)),
          "members",
          "ascending and below " + group.size(),
          members);
    }
    Check.atLeast("attempt", 1, attempt);
    Check.positive("limit", limit);
  }
}
