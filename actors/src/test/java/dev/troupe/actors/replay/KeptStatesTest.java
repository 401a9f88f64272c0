package dev.troupe.actors.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
  private final KeptStates states = new KeptStates();

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
        new VerifierRef("environment", "1", "00"),
        new Outcome.Scored(0, List.of(), Optional.empty()),
        Duration.ZERO);
  }

  @Test
  void eachSamplersLastIsGivenOnceTheNewestFirst() {
    states.found(fragment(0, state(0, "a")));
    states.found(fragment(1, state(1, "b")));
    states.found(fragment(2, state(0, "c")));

    assertThat(states.take()).contains(state(0, "c"));
    assertThat(states.take()).contains(state(1, "b"));
    assertThat(states.take()).isEmpty();
  }

  @Test
  void whatASamplerStillGoesOnWithIsGivenToNone() {
    states.found(fragment(0, state(0, "a")));
    states.found(fragment(1, state(1, "b")));

    states.recorded(fragment(2, state(1, "c")));

    assertThat(states.take()).contains(state(0, "a"));
    assertThat(states.take()).isEmpty();
  }
}
