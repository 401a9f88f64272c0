package dev.troupe.actors.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkInHandTest {
  private static final LeaseId LEASE = new LeaseId(1, 1);

  private final WorkInHand work = new WorkInHand(4);

  private void grantTwo() {
    Group group = new Group(0, Samples.task(0), 2, Samples.VERIFIER);
    work.granted(new Lease(LEASE, group, IntArray.of(0, 1), 1, Samples.LIMIT), 3, Optional.empty());
  }

  @Test
  void beginsWhatItsPolicyIsNewEnoughFor() {
    grantTwo();
    assertThat(work.waitingFor(2)).isEqualTo(3);
    assertThat(work.ready(2)).isEmpty();
    assertThat(work.ready(3)).hasSize(2);
    assertThat(work.wanted(0)).isEqualTo(2 + 5 - 2);
  }

  @Test
  void letsGoOfTheNamedMembersOfALease() {
    grantTwo();
    work.unwanted(LEASE, List.of(new TrajectoryId(0, 1)));
    assertThat(work.held()).containsExactly(LEASE);
    assertThat(work.ready(3)).extracting(Sample::id).containsExactly(new TrajectoryId(0, 0));
  }

  @Test
  void renewsNoLeaseThatTheReplayActorKnowsNothingOf() {
    grantTwo();
    work.unwanted(LEASE, List.of());
    assertThat(work.held()).isEmpty();
    assertThat(work.ready(3)).isEmpty();
  }

  @Test
  void wantsNothingWhileTooMuchWaitsForVerdictsAndRecords() {
    assertThat(work.wanted(work.heldMax() - 5)).isEqualTo(5);
    assertThat(work.wanted(work.heldMax() - 2)).isEqualTo(2);
    assertThat(work.wanted(work.heldMax())).isZero();
    grantTwo();
    assertThat(work.wanted(work.heldMax() - 3)).as("two came, one may").isEqualTo(2 + 1);
  }
}
