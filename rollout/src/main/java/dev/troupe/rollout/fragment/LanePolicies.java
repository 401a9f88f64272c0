package dev.troupe.rollout.fragment;

import dev.troupe.model.network.ActingProgram;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.rollout.environment.Space;
import org.jspecify.annotations.Nullable;

/**
 * The policy that lanes play with now, made of the newest snapshot that was given. What a recurrent
 * one remembers stays when another version takes over.
 */
final class LanePolicies implements AutoCloseable {
  private final ControlNetwork network;
  private final Space actions;
  private final int lanes;
  private final float[] state;
  private @Nullable ActingProgram program;
  private @Nullable LanePolicy current;

  LanePolicies(ControlNetwork network, Space actions, int lanes) {
    this.network = network;
    this.actions = actions;
    this.lanes = lanes;
    this.state = new float[lanes * network.state()];
  }

  /** Plays with {@code snapshot} from now on; the caller keeps its own count of it. */
  void use(PolicySnapshot snapshot) {
    LanePolicy next =
        network.shape().recurrence() == Recurrence.NONE
            ? new TanhPolicy(network, snapshot.parameters(), actions, lanes)
            : new ProgramPolicy(program(), network, snapshot, actions, lanes, state);
    letGo();
    current = next;
  }

  /** What a recurrent policy remembers of the lanes, [N, S]. */
  float[] memory() {
    return state;
  }

  private ActingProgram program() {
    ActingProgram compiled = program;
    if (compiled == null) {
      compiled = new ActingProgram(network);
      program = compiled;
    }
    return compiled;
  }

  LanePolicy current() {
    LanePolicy policy = current;
    if (policy == null) {
      throw new IllegalStateException("there is no policy yet");
    }
    return policy;
  }

  private void letGo() {
    LanePolicy before = current;
    if (before != null) {
      before.close();
      current = null;
    }
  }

  @Override
  public void close() {
    letGo();
    ActingProgram compiled = program;
    if (compiled != null) {
      compiled.close();
      program = null;
    }
  }
}
