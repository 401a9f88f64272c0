package dev.troupe.actors.control;

import dev.troupe.actors.runs.Estimate;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.RunSpecification;

/** What a run in environments will need. */
public final class ControlEstimate {
  private static final int FLOAT_BYTES = 4;

  /** Log-probability, reward and flags. */
  private static final int ROW_BYTES = 4 + 8 + 3;

  /** Copies of a batch while it is learned from, in the JVM and beside it. */
  private static final int COPIES = 4;

  private ControlEstimate() {}

  /** Makes an environment to see what it gives and takes. */
  public static Estimate of(RunSpecification run, ControlRun control, long processBytes) {
    ControlNetwork network = ControlNetworks.of(control);
    ReplaySpecification replay = run.replay();
    long parameters = network.layout().stream().mapToLong(ParameterShape::elements).sum();
    long weights = parameters * FLOAT_BYTES;
    long numbers = (long) network.shape().observation() + network.shape().actions().numbers();
    long fragment = (numbers * FLOAT_BYTES + ROW_BYTES) * control.environment().fragmentSteps();
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
