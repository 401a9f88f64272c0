package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.weights.ChunkPlan.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChunkPlanTest {
  private static final ChunkPlan.Timing TIMING = new ChunkPlan.Timing(10, 100);
  private static final int ORIGIN = 0;
  private static final int PEER = 1;
  private static final int OTHER = 2;

  private static ChunkPlan plan(int chunks, int stripe, int stripes) {
    ChunkPlan plan =
        new ChunkPlan(
            chunks, new BitSet(), stripe, stripes, TIMING, List.of(true, false, false), 0);
    plan.offers(ORIGIN, all(chunks), 0);
    return plan;
  }

  private static BitSet all(int chunks) {
    BitSet all = new BitSet();
    all.set(0, chunks);
    return all;
  }

  private static List<Integer> fetches(ChunkPlan plan, int source, long now) {
    List<Integer> fetched = new ArrayList<>();
    while (plan.next(source, now) instanceof Step.Fetch(var chunk)) {
      fetched.add(chunk);
    }
    return fetched;
  }

  @Test
  void aSingleReceiverTakesEverythingFromTheOrigin() {
    assertThat(fetches(plan(4, 0, 1), ORIGIN, 0)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void oneOfThreeTakesItsStripeFromTheOriginAndTheRestFromOthers() {
    ChunkPlan plan = plan(8, 1, 3);
    assertThat(fetches(plan, ORIGIN, 0)).containsExactly(1, 4, 7);
    plan.offers(PEER, BitSet.valueOf(new long[] {0b1001}), 5);
    assertThat(fetches(plan, PEER, 5)).containsExactly(0, 3);
    assertThat(plan.next(PEER, 5)).isEqualTo(new Step.Wait());
  }

  @Test
  void theOriginHelpsWhenNobodyElseDoesForTooLong() {
    ChunkPlan plan = plan(6, 1, 3);
    assertThat(fetches(plan, ORIGIN, 100)).containsExactly(1, 4);
    plan.arrived(ORIGIN, 1, 101);
    plan.arrived(ORIGIN, 4, 101);
    assertThat(fetches(plan, ORIGIN, 101)).containsExactly(2, 3, 5, 0);
  }

  @Test
  void helpFromOthersKeepsTheOriginSpared() {
    ChunkPlan plan = plan(6, 1, 3);
    plan.offers(PEER, BitSet.valueOf(new long[] {0b1}), 90);
    assertThat(fetches(plan, ORIGIN, 190)).containsExactly(1, 4);
  }

  @Test
  void theOriginHelpsAtOnceWhenAllOthersAreGone() {
    ChunkPlan plan = plan(3, 0, 3);
    plan.gone(PEER);
    assertThat(fetches(plan, ORIGIN, 1)).containsExactly(0);
    plan.gone(OTHER);
    assertThat(fetches(plan, ORIGIN, 1)).containsExactly(1, 2);
  }

  @Test
  void whoComesLateSparesTheOriginAltogether() {
    ChunkPlan plan = plan(3, 0, 0);
    assertThat(fetches(plan, ORIGIN, 50)).isEmpty();
    plan.offers(PEER, all(3), 50);
    assertThat(fetches(plan, PEER, 50)).containsExactly(0, 1, 2);
  }

  @Test
  void aChunkThatIsLongUnderWayIsAskedForElsewhereOnce() {
    ChunkPlan plan = plan(1, 0, 1);
    plan.offers(PEER, all(1), 0);
    plan.offers(OTHER, all(1), 0);
    assertThat(plan.next(PEER, 0)).isEqualTo(new Step.Fetch(0));
    assertThat(plan.next(OTHER, 10)).isEqualTo(new Step.Wait());
    assertThat(plan.next(OTHER, 11)).isEqualTo(new Step.Fetch(0));
    assertThat(plan.next(ORIGIN, 11)).isEqualTo(new Step.Wait());
    assertThat(plan.arrived(OTHER, 0, 12)).isTrue();
    assertThat(plan.arrived(PEER, 0, 13)).isFalse();
    assertThat(plan.next(PEER, 13)).isEqualTo(new Step.Done());
  }

  @Test
  void whatALostSourceShouldHaveBroughtOthersBring() {
    ChunkPlan plan = plan(2, 0, 1);
    plan.offers(PEER, all(2), 0);
    assertThat(fetches(plan, PEER, 0)).containsExactly(0, 1);
    plan.arrived(PEER, 0, 1);
    plan.lost(PEER);
    assertThat(fetches(plan, ORIGIN, 1)).containsExactly(1);
    assertThat(fetches(plan, PEER, 1)).isEmpty();
  }

  @Test
  void itIsHopelessOnceEverySourceIsGone() {
    ChunkPlan plan = plan(2, 0, 1);
    plan.gone(ORIGIN);
    plan.gone(PEER);
    assertThat(plan.hopeless()).isFalse();
    plan.gone(OTHER);
    assertThat(plan.hopeless()).isTrue();
  }
}
