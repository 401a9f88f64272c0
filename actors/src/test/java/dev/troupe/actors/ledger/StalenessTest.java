package dev.troupe.actors.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.policy.PolicyVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The lag bound against the published rules of asynchronous trainers: what may be started is {@code
 * min(concurrent − running, (staleness + version + 1) · batch − (accepted + running))}, and a
 * sample is fresh while {@code step − version ≤ lag}.
 */
class StalenessTest {

  /**
   * Ours counts groups that are under way, not all since the beginning: what was trained on, {@code
   * version · batch}, is no longer among them. How many lanes there are is the samplers' business.
   */
  @ParameterizedTest
  @CsvSource({
    "1000, 5,    0, 32,   0,  0,  192",
    "1000, 5,    1, 32,   0,  0,  224",
    "1000, 5,   10, 32,   0,  0,  512",
    "1000, 5,  100, 32,   0,  0, 1000",
    "1000, 5, 1000, 32,   0,  0, 1000",
    " 116, 0,    8,  8, 219, 10, -157",
    " 165, 0,    2, 16, 362, 16, -330",
    " 129, 2,   14, 32, 227, 12,  117",
    "  32, 0,   10, 32, 334, 12,    6",
    "  73, 1,   15, 32, 189, 26,   47",
    "  83, 2,   11, 32, 179,  9,   74",
    "  70, 1,   15, 32, 193, 26,   44",
    "  36, 1,   12, 32, 238, 32,    4",
    "  24, 5,   10, 16, 183, 20,    4",
    "  13, 4,    8,  8, 130, 26,  -52",
    "  32, 3,   13, 16,  64, 21,   11",
    " 137, 5,    5, 16,  97, 30,   49",
    "  63, 3,    2, 32, 377,  5, -190",
    "  53, 1,    0,  8,  70, 31,  -85",
    " 105, 1,   18,  8, 186, 28,  -54",
    " 172, 0,   19, 32, 309, 26,  146"
  })
  void theGateIsOpenWhereThePublishedCapacityIsAboveZero(
      int concurrent,
      int staleness,
      long version,
      int batch,
      long accepted,
      long running,
      long capacity) {
    LagGate gate = new LagGate(staleness, batch);
    long underWay = accepted - version * batch;
    long room = gate.groupsMax() - running - underWay;

    assertThat(Math.min(concurrent - running, room)).isEqualTo(capacity);
    assertThat(gate.isOpen(running, underWay, 0)).isEqualTo(room > 0);
    assertThat(gate.isOpen(running, 0, underWay)).isEqualTo(room > 0);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 95, 4,  5, false",
    "100, 96, 4,  4, true",
    " 10,  1, 8,  9, false",
    " 10,  2, 8,  8, true",
    " 74,  4, 8, 70, false",
    "  7,  7, 0,  0, true",
    "  8,  7, 0,  1, false"
  })
  void aSampleIsFreshWithinTheLag(long step, long version, int lagMax, long lag, boolean fresh) {
    PolicyVersion behaviour = new PolicyVersion(1, version, 0, "0".repeat(16));
    // The batch that changes the policy of step `step`, where batch 1 changes that of step 3.
    long firstUpdate = 3;
    long batch = step - firstUpdate + 1;

    assertThat(TrajectoryQueue.lag(behaviour, batch, firstUpdate)).isEqualTo(lag);
    assertThat(lag <= lagMax).isEqualTo(fresh);
    assertThat(new LagGate(lagMax, 4).oldestUpdate(firstUpdate, batch, 0) <= version)
        .isEqualTo(fresh);
  }
}
