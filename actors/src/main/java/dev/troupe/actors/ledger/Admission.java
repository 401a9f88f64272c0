package dev.troupe.actors.ledger;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.Optional;
import java.util.function.Supplier;

/** Admits judged trajectories: once, of the latest attempt, in time, scored. */
final class Admission {
  private final ReplaySpecification replay;
  private final RewardSpecification reward;
  private final ReplayState state;
  private final GroupEnds ends;
  private final Supplier<VerifierRef> verifier;
  private long duplicates;
  private long superseded;
  private long unwanted;
  private long unknown;

  /**
   * @param verifier in force
   */
  Admission(
      ReplaySpecification replay,
      RewardSpecification reward,
      ReplayState state,
      GroupEnds ends,
      Supplier<VerifierRef> verifier) {
    this.verifier = verifier;
    this.replay = replay;
    this.reward = reward;
    this.state = state;
    this.ends = ends;
  }

  /** Why this copy can't count; empty if it can. */
  Optional<Reception> refusal(Trajectory trajectory) {
    TrajectoryId id = trajectory.id();
    if (state.ledger().isClosed(id.group())) {
      duplicates++;
      return Optional.of(Reception.DUPLICATE);
    }
    int latest = state.ledger().attempt(id);
    if (latest == 0 || trajectory.attempt() > latest) {
      unknown++;
      return Optional.of(Reception.UNKNOWN);
    }
    if (trajectory.attempt() < latest) {
      superseded++;
      return Optional.of(Reception.SUPERSEDED);
    }
    return switch (state.ledger().state(id).orElseThrow()) {
      case LEASED -> Optional.empty();
      case RECORDED, BATCHED, CONSUMED -> {
        duplicates++;
        yield Optional.of(Reception.DUPLICATE);
      }
      case DROPPED -> {
        unwanted++;
        yield Optional.of(Reception.DROPPED);
      }
    };
  }

  /** What becomes of a trajectory that wasn't refused. */
  Reception admit(Turn turn, JudgedTrajectory judged) {
    Trajectory trajectory = judged.trajectory();
    TrajectoryId id = trajectory.id();
    GroupAccount account = state.ledger().find(id.group()).orElseThrow();
    if (!judged.verifier().equals(account.group().verifier())) {
      String detail =
          "judged by [%s], its group wants [%s]"
              .formatted(judged.verifier(), account.group().verifier());
      return fail(turn, trajectory, DropReason.REWARD_INVALID, detail);
    }
    return switch (judged.outcome()) {
      case Outcome.Invalid invalid ->
          fail(turn, trajectory, DropReason.REWARD_INVALID, invalid.why());
      case Outcome.TimedOut late ->
          fail(
              turn,
              trajectory,
              DropReason.REWARD_TIMED_OUT,
              "no verdict within [%d] ms".formatted(late.limit().toMillis()) + late.said());
      case Outcome.Crashed crashed ->
          fail(turn, trajectory, DropReason.REWARD_CRASHED, crashed.error());
      case Outcome.Scored _ -> admitScored(turn, account, judged);
    };
  }

  private Reception admitScored(Turn turn, GroupAccount account, JudgedTrajectory judged) {
    PolicyVersion behaviour = judged.trajectory().behaviour();
    long next = state.ledger().lastCut() + 1;
    long lag =
        state.firstUpdate().map(first -> TrajectoryQueue.lag(behaviour, next, first)).orElse(0L);
    if (lag > replay.policyLagMax()) {
      ends.dropStale(turn, account, lag, next);
      return Reception.DROPPED;
    }
    turn.emit(new Recorded(judged));
    return Reception.RECORDED;
  }

  private Reception fail(Turn turn, Trajectory trajectory, DropReason reason, String detail) {
    turn.emit(new Dropped(trajectory.id(), reason, detail, Lengths.of(trajectory)));
    FailureWindow failures = state.ledger().failures();
    boolean tooMany = failures.counted() > reward.failureBudget();
    boolean tooOften =
        failures.inWindow() >= FailureWindow.SHARE_FROM
            && failures.failuresInWindow() > reward.failureBudgetShare() * failures.inWindow();
    if ((tooMany || tooOften) && !state.isStopped() && !state.isOverBudget()) {
      pastBudget(turn, failures);
    }
    return Reception.DROPPED;
  }

  private void pastBudget(Turn turn, FailureWindow failures) {
    String why =
        "[%d] of [%d] verdicts were not a score, [%d] of the last [%d]; the recipe allows [%d] and a share of [%s]"
            .formatted(
                failures.counted(),
                failures.countedVerdicts(),
                failures.failuresInWindow(),
                failures.inWindow(),
                reward.failureBudget(),
                reward.failureBudgetShare());
    switch (reward.pastBudget()) {
      case FAIL -> {
        state.stop();
        turn.show(new Effect.StopRun(why, failures.examples()));
      }
      case PAUSE -> {
        state.overBudget();
        turn.show(new Effect.BudgetSpent(verifier.get(), why, failures.examples()));
      }
    }
  }

  /** Offers outside the law. */
  Apart apart() {
    return new Apart(duplicates, superseded, unwanted, unknown);
  }
}
