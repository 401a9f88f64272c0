package dev.troupe.deploy.api;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.terminal.Remark;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens in a run to the node's log, with the run and the policy version as fields.
 */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final String run;

  RunLog(String run) {
    this.run = run;
  }

  void write(RunEvent event, Optional<Remark> remark) {
    switch (event) {
      case RunEvent.UpdateMade made ->
          LOG.atInfo()
              .addKeyValue("run", run)
              .addKeyValue("policyVersion", made.version().update())
              .addKeyValue("incarnation", made.version().incarnation())
              .addKeyValue("batch", made.batch())
              .log(made.skipped() ? "update skipped" : "update made");
      case RunEvent.CheckpointCommitted committed ->
          LOG.atInfo()
              .addKeyValue("run", run)
              .addKeyValue("policyVersion", committed.checkpoint().update())
              .log("checkpoint committed");
      case RunEvent.TrajectoryDropped dropped ->
          LOG.atDebug()
              .addKeyValue("run", run)
              .addKeyValue("reason", dropped.reason())
              .log("trajectory dropped: {}", dropped.detail());
      case RunEvent.PhaseChanged _,
          RunEvent.SupervisedStep _,
          RunEvent.EvaluationEnded _,
          RunEvent.SampleJudged _,
          RunEvent.LedgerCounted _,
          RunEvent.EpisodesResumed _,
          RunEvent.ActorRestarted _,
          RunEvent.NodeLost _,
          RunEvent.VerifiersJudge _,
          RunEvent.VerifierSwapped _,
          RunEvent.ShadowJudged _,
          RunEvent.Stalled _,
          RunEvent.StallEnded _ ->
          remark.ifPresent(it -> LOG.atInfo().addKeyValue("run", run).log(it.text()));
    }
  }

  void write(String words) {
    LOG.atInfo().addKeyValue("run", run).log(words);
  }
}
