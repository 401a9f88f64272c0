package dev.troupe.actors.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs who was refused and why: the same refusal once in {@link #AGAIN_AFTER}, with how often it
 * happened meanwhile, so that a peer that keeps trying can't fill the disk.
 */
final class RefusalLog {
  static final Duration AGAIN_AFTER = Duration.ofMinutes(1);
  private static final int REMEMBERED_MAX = 256;
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

  private record Told(Instant at, long since) {}

  private final InstantSource clock;
  private final Map<String, Told> lines = new LinkedHashMap<>();

  RefusalLog(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param whoAndWhy without what differs from one attempt to the next, such as a port
   */
  void tell(String whoAndWhy) {
    long before;
    synchronized (lines) {
      Instant now = clock.instant();
      Told last = lines.get(whoAndWhy);
      if (last != null && now.isBefore(last.at().plus(AGAIN_AFTER))) {
        lines.put(whoAndWhy, new Told(last.at(), last.since() + 1));
        return;
      }
      before = last == null ? 0 : last.since();
      lines.remove(whoAndWhy);
      lines.put(whoAndWhy, new Told(now, 0));
      if (lines.size() > REMEMBERED_MAX) {
        lines.remove(lines.keySet().iterator().next());
      }
    }
    if (before == 0) {
      LOG.warn("{}", whoAndWhy);
    } else {
      LOG.warn("{} ({} times more since it was last said)", whoAndWhy, before);
    }
  }
}
