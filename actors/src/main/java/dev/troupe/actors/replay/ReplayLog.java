package dev.troupe.actors.replay;

import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the log what is decided about work, with run, lease, batch and policy version as
 * fields: the ordinary way of it at level DEBUG, what was lost and granted again at INFO.
 */
final class ReplayLog {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayLog.class);

  private final String run;

  ReplayLog(String run) {
    this.run = run;
  }

  void decided(Decision decision) {
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Grant(var holder, var lease, _)) {
        granted(holder, lease);
      }
    }
    if (LOG.isDebugEnabled()) {
      decision.events().forEach(this::event);
    }
  }

  private void granted(String holder, Lease lease) {
    if (lease.attempt() > 1) {
      LOG.atInfo()
          .addKeyValue("run", run)
          .addKeyValue("lease", lease.id())
          .addKeyValue("holder", holder)
          .log(
              "[{}] members of group [{}] granted again, attempt [{}]",
              lease.members().size(),
              lease.group().number(),
              lease.attempt());
    } else {
      LOG.atDebug()
          .addKeyValue("run", run)
          .addKeyValue("lease", lease.id())
          .addKeyValue("holder", holder)
          .log(
              "[{}] members of group [{}] granted", lease.members().size(), lease.group().number());
    }
  }

  private void event(LedgerEvent event) {
    if (event instanceof LedgerEvent.Recorded(JudgedTrajectory judged)) {
      LOG.atDebug()
          .addKeyValue("run", run)
          .addKeyValue("lease", judged.trajectory().lease())
          .addKeyValue("policyVersion", judged.trajectory().behaviour().update())
          .log("trajectory [{}] recorded: {}", judged.trajectory().id(), judged.outcome());
    } else if (event instanceof LedgerEvent.BatchCut(var number, var ids)) {
      LOG.atDebug()
          .addKeyValue("run", run)
          .addKeyValue("batch", number)
          .log("batch cut, of [{}] trajectories", ids.size());
    }
  }

  /** Which leases a decision ends without their work being done. */
  Decision endedLeases(Decision decision) {
    Map<String, List<LeaseId>> leases = new LinkedHashMap<>();
    for (Effect effect : decision.effects()) {
      // Nothing is undone of a lease that is over without its holder having heard of it yet.
      if (effect instanceof Effect.Revoke(var holder, var lease, var undone) && !undone.isEmpty()) {
        leases.computeIfAbsent(holder, _ -> new ArrayList<>()).add(lease);
      }
    }
    leases.forEach(
        (holder, ended) ->
            LOG.atInfo()
                .addKeyValue("run", run)
                .addKeyValue("lease", ended)
                .addKeyValue("holder", holder)
                .log("[{}] leases of [{}] end with work undone", ended.size(), holder));
    return decision;
  }
}
