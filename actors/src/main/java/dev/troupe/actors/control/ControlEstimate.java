package dev.troupe.actors.control;

import dev.troupe.actors.runs.Estimate;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.RunSpecification;
import java.util.Optional;

/** What a run in environments will need. */
public final class ControlEstimate {
  private static final int FLOAT_BYTES = 4;

  /** Log-probability, reward and flags. */
  private static final int ROW_BYTES = 4 + 8 + 3;

  /** Copies of a batch while it is learned from, in the JVM and beside it. */
  private static final int COPIES = 4;

  /** A fragment goes from node to node in one message, which can be about so long. */
  private static final long MESSAGE_BYTES_MAX = 1_900_000;

  private ControlEstimate() {}

  /** Why a run can't be spread over nodes; empty if it can. */
  public static Optional<String> tooLongForNodes(ControlRun control) {
    long bytes = fragmentBytes(control, ControlNetworks.of(control));
    return bytes <= MESSAGE_BYTES_MAX
        ? Optional.empty()
        : Optional.of(
            "environment.steps: a fragment of ["
                + control.environment().steps()
                + "] steps of ["
                + control.environment().count()
                + "] environments has about ["
                + bytes
                + "] bytes, expected at most ["
                + MESSAGE_BYTES_MAX
                + "] on a cluster, where it goes from node to node: lower environment.steps or"
                + " environment.count and raise environment.fragments");
  }

  private static long fragmentBytes(ControlRun control, ControlNetwork network) {
    long numbers = (long) network.shape().observation() + network.shape().actions().numbers();
    return (numbers * FLOAT_BYTES + ROW_BYTES) * control.environment().fragmentSteps();
  }

  /** Makes an environment to see what it gives and takes. */
  public static Estimate of(RunSpecification run, ControlRun control, long processBytes) {
    ControlNetwork network = ControlNetworks.of(control);
    ReplaySpecification replay = run.replay();
    long parameters = network.layout().stream().mapToLong(ParameterShape::elements).sum();
    long weights = parameters * FLOAT_BYTES;
    long fragment = fragmentBytes(control, network);
    long batch = fragment * replay.groups();
    int buffer = control.control().adjustment().buffer();
    long fragments = run.stop().updates() * replay.groups();
    long kept =
        (long) run.checkpoints().every() * (run.checkpoints().keep() + 1L) * replay.groups();
    long inJournal =
        replay.journalRetain() == JournalRetain.ALL
            ? fragments
            : fragments == 0 ? kept : Math.min(kept, fragments);
    return new Estimate(
        0,
        parameters,
        control.control().epochs() * control.control().minibatches(),
        1,
        (replay.policyLagMax() + 1L) * replay.groups(),
        weights * 4 + batch * COPIES * buffer,
        fragment * COPIES,
        weights * (replay.policyLagMax() + 2L),
        processBytes,
        3 * weights + batch * (buffer - 1L),
        inJournal * fragment,
        fragments);
  }
}
