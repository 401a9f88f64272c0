package dev.troupe.protocol.lease;

import dev.troupe.protocol.tensor.IntArray;
import java.time.Duration;

/**
 * Permission to sample members of a group.
 *
 * @param members which ones, ascending
 * @param attempt 1 for the first grant of these ids
 * @param limit how long the holder may take before it must renew
 */
public record Lease(LeaseId id, Group group, IntArray members, int attempt, Duration limit) {}
