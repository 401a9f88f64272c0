package dev.troupe.actors.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
  private static final VerifierRef VERIFIER = new VerifierRef("environment", "1", "00");
  private static final Task TASK =
      new Task(0, "walk", "", new TaskContent.Environment("walk", 0, 1, 1));

  private KeptStates states = new LatestStates();

  private static EnvironmentState state(long line, String where) {
    return new EnvironmentState(
        line,
        new PluginPayload("walk", "1", ByteString.copyFromUtf8(where)),
        TensorData.of(new double[1], 1),
        TensorData.of(new float[0], 1, 0));
  }

  private static JudgedTrajectory fragment(long number, EnvironmentState after) {
    TensorData none = TensorData.of(new boolean[1], 1, 1);
    var body =
        new EnvironmentFragment(
            TensorData.of(new float[1], 1, 1, 1),
            TensorData.of(new int[1], 1, 1, 1),
            TensorData.of(new float[1], 1, 1),
            TensorData.of(new double[1], 1, 1),
            none,
            none,
            none,
            TensorData.of(new float[0], 0, 1),
            TensorData.of(new float[1], 1, 1),
            TensorData.of(new float[0], 1, 0),
            TensorData.of(new double[1], 1),
            TensorData.of(new double[0], 0),
            TensorData.of(new int[0], 0),
            Optional.of(after));
    return new JudgedTrajectory(
        new Trajectory(
            new TrajectoryId(number, 0),
            new LeaseId(1, number + 1),
            1,
            List.of(new VersionSpan(0, new PolicyVersion(1, 0, 0, "ab"))),
            body),
        VERIFIER,
        new Outcome.Scored(0, List.of(), Optional.empty()),
        Duration.ZERO);
  }

  private void recorded(long number, EnvironmentState after) {
    states.happened(new LedgerEvent.Recorded(fragment(number, after)));
  }

  private void granted(long... numbers) {
    for (long number : numbers) {
      Group group = new Group(number, TASK, 1, VERIFIER);
      Lease lease =
          new Lease(new LeaseId(1, number + 1), group, IntArray.of(0), 1, Duration.ofSeconds(9));
      states.happened(new LedgerEvent.Granted(lease, "one/rollout-0"));
    }
  }

  private void cut(long number, long... groups) {
    states.happened(
        new LedgerEvent.BatchCut(
            number, Arrays.stream(groups).mapToObj(group -> new TrajectoryId(group, 0)).toList()));
  }

  private void dropped(long group, DropReason reason) {
    states.happened(new LedgerEvent.Dropped(new TrajectoryId(group, 0), reason, "why", 0));
  }

  /** Two fragments of the first batch, and the grants of the second. */
  private void secondBatchIsGranted() {
    states = new PlacedStates();
    granted(0, 1);
    recorded(1, state(1, "b"));
    recorded(0, state(0, "a"));
    cut(1, 0, 1);
    granted(2, 3);
  }

  @Test
  void eachSamplersLastIsGivenOnceTheNewestFirst() {
    recorded(0, state(0, "a"));
    recorded(1, state(1, "b"));
    recorded(2, state(0, "c"));
    states.opened();

    assertThat(states.before(3, false)).isEmpty();
    assertThat(states.before(3, true)).contains(state(0, "c"));
    assertThat(states.before(4, true)).contains(state(1, "b"));
    assertThat(states.before(5, true)).isEmpty();
  }

  @Test
  void whatASamplerStillGoesOnWithIsGivenToNone() {
    recorded(0, state(0, "a"));
    recorded(1, state(1, "b"));
    states.opened();

    recorded(2, state(1, "c"));

    assertThat(states.before(3, true)).contains(state(0, "a"));
    assertThat(states.before(4, true)).isEmpty();
  }

  @Test
  void countsTheEpisodesThatGoOn() {
    recorded(0, state(0, "a"));
    recorded(1, state(1, "b"));
    assertThat(states.found()).isZero();

    states.opened();
    recorded(2, state(1, "c"));
    recorded(3, state(1, "d"));
    recorded(4, state(4, "new ones"));

    assertThat(states.found()).isEqualTo(2);
    assertThat(states.resumed()).isEqualTo(1);
  }

  @Test
  void placedFragmentsGoOnInTheOrderOfTheBatchWhoeverAsksFirst() {
    secondBatchIsGranted();

    assertThat(states.before(3, true)).contains(state(1, "b"));
    assertThat(states.before(2, false)).contains(state(0, "a"));
    assertThat(states.before(0, true)).isEmpty();
  }

  @Test
  void aPlacedFragmentThatIsGrantedAgainGoesOnFromTheSamePlace() {
    secondBatchIsGranted();

    granted(2);
    states.opened();

    assertThat(states.before(2, true)).contains(state(0, "a"));
    assertThat(states.found()).isEqualTo(2);
  }

  @Test
  void nobodyGoesOnBeforeTheBatchIsCut() {
    secondBatchIsGranted();
    recorded(2, state(0, "c"));
    dropped(3, DropReason.REWARD_CRASHED);

    granted(4);

    assertThat(states.before(4, true)).isEmpty();
    recorded(4, state(4, "d"));
    cut(2, 2, 4);
    granted(5, 6);
    assertThat(states.before(5, true)).contains(state(0, "c"));
    assertThat(states.before(6, true)).contains(state(4, "d"));
  }

  @Test
  void episodesOfAFragmentThatWasLostOtherwiseAreNotLost() {
    secondBatchIsGranted();
    dropped(3, DropReason.RUN_ENDED);

    granted(4);

    assertThat(states.before(4, true)).contains(state(1, "b"));
  }

  @Test
  void whereTheBeginningOfTheJournalIsGoneEachPlaceIsKnownOnceAllTheSame() {
    states = new PlacedStates();
    recorded(1, state(1, "b"));
    cut(1, 0, 1);
    // What fragment 0 left went with the beginning: its place is not that of 1.
    granted(2, 3);
    recorded(2, state(0, "c"));
    recorded(3, state(1, "d"));
    cut(2, 2, 3);

    granted(4, 5);

    assertThat(states.before(4, true)).contains(state(0, "c"));
    assertThat(states.before(5, true)).contains(state(1, "d"));
    assertThat(states.all()).hasSize(2);
  }
}
