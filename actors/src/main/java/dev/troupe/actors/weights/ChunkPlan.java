package dev.troupe.actors.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Decides which chunk is fetched from which source. Plain state, guarded by its owner; times are
 * nanoseconds of any monotonic clock.
 *
 * <ul>
 *   <li>A chunk is claimed by one source at a time. A claim that is older than {@code hedgeNanos}
 *       may be taken over by another source that has the chunk: slow sources hold nobody up.
 *   <li>Of the origin only chunks of this node's stripe are fetched, unless no other source brought
 *       or offered anything for {@code patienceNanos}, or none is left. Then chunks are taken from
 *       the place that belongs to the stripe on, so that several nodes in the same need take
 *       different ones.
 * </ul>
 */
final class ChunkPlan {

  /** What a source does next. */
  sealed interface Step {
    /** Fetch {@code chunk}. */
    record Fetch(int chunk) implements Step {}

    /** Nothing for now. */
    record Wait() implements Step {}

    /** Everything is here. */
    record Done() implements Step {}
  }

  /** When others may help. */
  record Timing(long hedgeNanos, long patienceNanos) {}

  private static final class Source {
    private final boolean origin;
    private BitSet has = new BitSet();
    private boolean gone;

    Source(boolean origin) {
      this.origin = origin;
    }
  }

  private static final int NOBODY = -1;

  private final int chunks;
  private final int stripe;
  private final int stripes;
  private final Timing timing;
  private final BitSet done;
  private final int[] claimant;
  private final long[] claimedAt;
  private final List<Source> sources = new ArrayList<>();
  private long helpedAt;

  /**
   * @param here chunks that need not be fetched
   * @param origins for each source, whether it is the origin
   */
  ChunkPlan(
      int chunks,
      BitSet here,
      int stripe,
      int stripes,
      Timing timing,
      List<Boolean> origins,
      long now) {
    this.chunks = chunks;
    this.stripe = stripe;
    this.stripes = stripes;
    this.timing = timing;
    this.done = (BitSet) here.clone();
    this.claimant = new int[chunks];
    this.claimedAt = new long[chunks];
    this.helpedAt = now;
    Arrays.fill(claimant, NOBODY);
    origins.forEach(origin -> sources.add(new Source(origin)));
  }

  /** What {@code source} does next; a chunk to fetch is claimed by it. */
  Step next(int source, long now) {
    if (done.cardinality() == chunks) {
      return new Step.Done();
    }
    Source from = sources.get(source);
    boolean rescue = from.origin && stripes != 1 && originMayHelp(now);
    int start = rescue && stripes > 0 ? (int) ((long) stripe * chunks / stripes) : 0;
    int late = NOBODY;
    for (int i = 0; i < chunks; i++) {
      int chunk = (start + i) % chunks;
      boolean wanted = !done.get(chunk) && from.has.get(chunk);
      if (wanted && (!from.origin || rescue || isOwn(chunk))) {
        if (claimant[chunk] == NOBODY) {
          return claim(source, chunk, now);
        }
        boolean slow = now - claimedAt[chunk] > timing.hedgeNanos();
        if (late == NOBODY && slow && claimant[chunk] != source) {
          late = chunk;
        }
      }
    }
    return late == NOBODY ? new Step.Wait() : claim(source, late, now);
  }

  /** {@code source} has these chunks. */
  void offers(int source, BitSet has, long now) {
    Source from = sources.get(source);
    BitSet fresh = (BitSet) has.clone();
    fresh.andNot(from.has);
    fresh.andNot(done);
    if (!from.origin && !fresh.isEmpty()) {
      helpedAt = now;
    }
    from.has = (BitSet) has.clone();
  }

  /** {@code source} hasn't {@code chunk} after all. */
  void absent(int source, int chunk) {
    sources.get(source).has.clear(chunk);
    release(source, chunk);
  }

  /** {@code chunk} is here; whether it was missing until now. */
  boolean arrived(int source, int chunk, long now) {
    if (!sources.get(source).origin) {
      helpedAt = now;
    }
    boolean first = !done.get(chunk);
    done.set(chunk);
    return first;
  }

  /** The connection to {@code source} broke: what it should have brought others may bring. */
  void lost(int source) {
    sources.get(source).has = new BitSet();
    for (int chunk = 0; chunk < chunks; chunk++) {
      release(source, chunk);
    }
  }

  /** {@code source} is given up. */
  void gone(int source) {
    lost(source);
    sources.get(source).gone = true;
  }

  /** Whether no source is left. */
  boolean hopeless() {
    return sources.stream().allMatch(source -> source.gone);
  }

  boolean complete() {
    return done.cardinality() == chunks;
  }

  private void release(int source, int chunk) {
    if (claimant[chunk] == source) {
      claimant[chunk] = NOBODY;
    }
  }

  private Step claim(int source, int chunk, long now) {
    claimant[chunk] = source;
    claimedAt[chunk] = now;
    return new Step.Fetch(chunk);
  }

  private boolean isOwn(int chunk) {
    return stripes == 1 || (stripes > 0 && chunk % stripes == stripe);
  }

  private boolean originMayHelp(long now) {
    return now - helpedAt > timing.patienceNanos()
        || sources.stream().noneMatch(source -> !source.origin && !source.gone);
  }
}
