package dev.troupe.actors.replay;

import dev.troupe.actors.learner.BatchParts;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.batch.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Effects that the journal covers become messages to samplers, to the learner and to the run. The
 * only place from which a decision is seen by anyone.
 */
final class Departures {
  /** Reads a batch's content, which may lie on the disk, and brings it to the actor. */
  interface Assembly {
    void assemble(BatchPlan plan);
  }

  private final ReplayActor.Surroundings with;
  private final Holders holders;
  private final KeptStates states;
  private final Assembly assembly;
  private final Map<String, ActorRef<RolloutActor.Command>> offerers = new HashMap<>();
  private Optional<ActorRef<LearnerActor.Command>> learner = Optional.empty();
  private int askedBy;

  Departures(ReplayActor.Surroundings with, Holders holders, KeptStates states, Assembly assembly) {
    this.with = with;
    this.holders = holders;
    this.states = states;
    this.assembly = assembly;
  }

  /** {@code rollout} offers under this name, and is answered. */
  void offersAs(String name, ActorRef<RolloutActor.Command> rollout) {
    offerers.put(name, rollout);
  }

  /** Whom to answer from now on. */
  void learnerIs(ActorRef<LearnerActor.Command> learner) {
    this.learner = Optional.of(learner);
  }

  /** Likewise, and in which life it asks. */
  void learnerIs(ActorRef<LearnerActor.Command> learner, int incarnation) {
    learnerIs(learner);
    askedBy = incarnation;
  }

  void leave(List<Effect> effects) {
    Map<ActorRef<RolloutActor.Command>, List<RolloutActor.Receipt>> receipts =
        new LinkedHashMap<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Grant grant -> leave(grant);
        case Effect.Revoke(var holder, var lease, var ids) ->
            holders
                .find(holder)
                .ifPresent(rollout -> rollout.tell(new RolloutActor.Unwanted(lease, ids)));
        case Effect.Acknowledge(var to, var id, var attempt, _) -> {
          ActorRef<RolloutActor.Command> rollout = offerers.get(to);
          if (rollout != null) {
            receipts
                .computeIfAbsent(rollout, _ -> new ArrayList<>())
                .add(new RolloutActor.Receipt(id, attempt));
          }
        }
        case Effect.HandOut(var plan) -> assembly.assemble(plan);
        case Effect.BatchRefused(var number, var why) ->
            tellLearner(new LearnerActor.Refused(askedBy, "batch [" + number + "]: " + why));
        case Effect.CommitAcknowledged(var checkpoint) ->
            tellLearner(new LearnerActor.CheckpointCounts(checkpoint));
        case Effect.CommitRefused(var checkpoint, var why) ->
            tellLearner(
                new LearnerActor.Refused(
                    askedBy, "checkpoint [" + checkpoint.update() + "]: " + why));
        case Effect.IncarnationAcknowledged(var incarnation) ->
            tellLearner(new LearnerActor.Begun(incarnation));
        case Effect.IncarnationRefused(var incarnation, var why) ->
            tellLearner(new LearnerActor.Refused(incarnation, why));
        case Effect.VerifierInForce(var verifier) ->
            with.run().tell(new RunActor.VerifierTaken(verifier));
        case Effect.BudgetSpent(var verifier, var why, var examples) ->
            with.run().tell(new RunActor.BudgetSpent(verifier, why, examples));
        case Effect.StopRun(var why, var examples) ->
            with.run().tell(new RunActor.Fail(why + "; for example " + examples));
      }
    }
    if (!receipts.isEmpty()) {
      with.options().crashHook().accept(CrashPoint.AFTER_SYNC_BEFORE_RECORDED);
      receipts.forEach((rollout, ids) -> rollout.tell(new RolloutActor.Recorded(ids)));
    }
  }

  private void leave(Effect.Grant grant) {
    holders
        .find(grant.holder())
        .ifPresent(
            rollout ->
                rollout.tell(
                    new RolloutActor.Work(
                        grant.lease(),
                        grant.updateMin(),
                        states.before(
                            grant.lease().group().number(), holders.begins(grant.holder())))));
    with.options().crashHook().accept(CrashPoint.AFTER_GRANT);
  }

  private void tellLearner(LearnerActor.Command command) {
    learner.ifPresent(known -> known.tell(command));
  }

  void handOut(Batch batch) {
    with.options().crashHook().accept(CrashPoint.AFTER_CUT);
    learner.ifPresent(known -> BatchParts.of(batch, known).forEach(known::tell));
  }
}
