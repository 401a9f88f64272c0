package dev.troupe.actors.weights;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * Where a node gets a version from.
 *
 * <p>Of the origin it takes the chunks c with c mod {@code stripes} = {@code stripe}, everything
 * else from nodes that have it by then, so that all nodes together cost the origin one upload. Only
 * when nobody else helps does it ask the origin for more.
 *
 * @param sources at most {@link #SOURCES_MAX}
 * @param stripes how many nodes share the origin's upload; 0 = this one has no stripe, others have
 *     everything already
 */
public record PullPlan(List<WeightSource> sources, int stripe, int stripes) {
  /** The origin and a few others. */
  public static final int SOURCES_MAX = 8;

  public PullPlan {
    sources = List.copyOf(sources);
    Check.that(
        !sources.isEmpty() && sources.size() <= SOURCES_MAX,
        "sources",
        "1 to " + SOURCES_MAX,
        sources.size());
    Check.atLeast("stripes", 0, stripes);
    Check.within("stripe", 0, Math.max(0, stripes - 1), stripe);
  }

  /** Everything from anybody. */
  public static PullPlan from(WeightSource... sources) {
    return new PullPlan(List.of(sources), 0, 1);
  }
}
