package dev.troupe.actors.ledger;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.actors.simulation.Flaw;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The real decisions, with a flaw where a simulation wants one, and open to its eyes. */
public final class SimulatedReplay extends Replay {
  private final Flaw flaw;
  private long firstUpdate;

  /** A run without history. */
  public SimulatedReplay(
      ReplaySpecification replay, RewardSpecification reward, LedgerRules rules, Flaw flaw) {
    super(
        replay,
        reward,
        rules,
        Samples::task,
        Samples.VERIFIER,
        new FlawedQueue(
            replay, rules.oneVerifierABatch() && flaw != Flaw.BATCH_MIXES_VERIFIERS, flaw),
        new FlawedLeases(flaw));
    this.flaw = flaw;
  }

  private static final class FlawedQueue extends TrajectoryQueue {
    private final Flaw flaw;

    FlawedQueue(ReplaySpecification replay, boolean oneVerifierABatch, Flaw flaw) {
      super(replay, oneVerifierABatch);
      this.flaw = flaw;
    }

    @Override
    boolean isStale(GroupAccount account, long number, long firstUpdate) {
      return flaw != Flaw.LAG_CHECKED_AT_ADMISSION_ONLY
          && super.isStale(account, number, firstUpdate);
    }
  }

  private static final class FlawedLeases extends LeaseBook {
    private final Flaw flaw;

    FlawedLeases(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    List<Ended> expire(long nowNanos) {
      return flaw == Flaw.LEASE_NEVER_EXPIRES ? List.of() : super.expire(nowNanos);
    }

    @Override
    List<Ended> revoke(String holder) {
      return flaw == Flaw.LOST_NODE_KEEPS_LEASES ? List.of() : super.revoke(holder);
    }

    @Override
    void restartTerms(long nowNanos) {
      if (flaw != Flaw.TERMS_NOT_RESTARTED) {
        super.restartTerms(nowNanos);
      }
    }

    @Override
    Map<TrajectoryId, Loss> loose() {
      return flaw == Flaw.GRANTED_AGAIN_WITH_NEW_IDS ? new TreeMap<>() : super.loose();
    }
  }

  @Override
  Optional<Reception> refusal(Trajectory trajectory) {
    Optional<Reception> refusal = super.refusal(trajectory);
    boolean passes =
        (flaw == Flaw.NO_DEDUPE && refusal.equals(Optional.of(Reception.DUPLICATE)))
            || (flaw == Flaw.LATE_COPY_ADMITTED
                && refusal.equals(Optional.of(Reception.SUPERSEDED)));
    return passes ? Optional.empty() : refusal;
  }

  @Override
  public Decision requestBatch(int incarnation, long number, long first, long nowNanos) {
    firstUpdate = first;
    return super.requestBatch(incarnation, number, first, nowNanos);
  }

  @Override
  public Decision updated(PolicyVersion version, long batch, boolean skipped, long nowNanos) {
    Decision decision = super.updated(version, batch, skipped, nowNanos);
    if (flaw != Flaw.CONSUMED_AT_THE_UPDATE || batch == 0) {
      return decision;
    }
    CheckpointRef pretended =
        new CheckpointRef(version.update(), version.incarnation(), "an update");
    return both(
        decision,
        super.checkpointWritten(version.incarnation(), pretended, batch, firstUpdate, nowNanos));
  }

  @Override
  public Decision checkpointWritten(
      int incarnation, CheckpointRef checkpoint, long lastBatch, long first, long nowNanos) {
    int counted = flaw == Flaw.OLD_LEARNER_COMMITS ? ledger().incarnation() : incarnation;
    return super.checkpointWritten(counted, checkpoint, lastBatch, first, nowNanos);
  }

  /** What becomes of a decision: with a flaw, work that is granted again has the new verifier. */
  public Decision flawed(Decision decision) {
    if (flaw != Flaw.GROUP_MIXES_VERIFIERS) {
      return decision;
    }
    return new Decision(
        decision.events().stream()
            .map(
                event ->
                    event instanceof LedgerEvent.Granted(var lease, var holder)
                        ? new LedgerEvent.Granted(withVerifierInForce(lease), holder)
                        : event)
            .toList(),
        decision.effects());
  }

  private Lease withVerifierInForce(Lease lease) {
    Group group = lease.group();
    return new Lease(
        lease.id(),
        new Group(group.number(), group.task(), group.size(), verifier()),
        lease.members(),
        lease.attempt(),
        lease.limit());
  }

  private static Decision both(Decision one, Decision other) {
    List<LedgerEvent> events = new ArrayList<>(one.events());
    events.addAll(other.events());
    List<Effect> effects = new ArrayList<>(one.effects());
    effects.addAll(other.effects());
    return new Decision(events, effects);
  }

  /** Whether {@code holder}, or a part of it, has leases. */
  public boolean holdsLeases(String holder) {
    Set<String> all = holders();
    return all.contains(holder) || all.stream().anyMatch(one -> one.startsWith(holder + "/"));
  }

  /** Ranges of group numbers that the closed groups need. */
  public int closedRanges() {
    return ledger().closedRangeCount();
  }

  /** All that is known, as text: two that know the same say the same. */
  public String knowledge() {
    Ledger ledger = ledger();
    StringBuilder text = new StringBuilder();
    text.append(ledger.counts())
        .append(" judged by ")
        .append(verifier())
        .append(" cut ")
        .append(ledger.lastCut())
        .append(" trained ")
        .append(ledger.trainedBatch())
        .append(" committed ")
        .append(ledger.committedBatch())
        .append(" kept after ")
        .append(ledger.oldestKeptBatch())
        .append(ledger.commits())
        .append(ledger.drops())
        .append(queued());
    for (GroupAccount account : ledger.openGroups()) {
      text.append('\n').append(account.group().number()).append(account.isOver());
      for (int member = 0; member < account.group().size(); member++) {
        text.append(' ').append(account.state(member)).append(account.attempt(member));
      }
      for (long batch : account.batches()) {
        text.append(" in ").append(batch);
      }
    }
    return text.toString();
  }
}
