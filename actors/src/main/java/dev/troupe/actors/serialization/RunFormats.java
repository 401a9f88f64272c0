package dev.troupe.actors.serialization;

import dev.troupe.actors.node.NodeReport;
import dev.troupe.actors.reward.Disagreement;
import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.codec.BatchCodec;
import dev.troupe.protocol.codec.CheckpointCodec;
import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.proto.DisagreementMessage;
import dev.troupe.protocol.proto.RunCheckpointCommitted;
import dev.troupe.protocol.proto.RunCompared;
import dev.troupe.protocol.proto.RunEvaluationImpossible;
import dev.troupe.protocol.proto.RunEvaluationPartDone;
import dev.troupe.protocol.proto.RunFail;
import dev.troupe.protocol.proto.RunLearnerFinished;
import dev.troupe.protocol.proto.RunNodeReported;
import dev.troupe.protocol.proto.RunReinforced;
import dev.troupe.protocol.proto.RunRewardUnresponsive;
import dev.troupe.protocol.proto.RunUpdateMade;
import java.util.List;
import java.util.Optional;

/** Messages to the run. */
final class RunFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          nodeReported(),
          rewardUnresponsive(),
          reinforced(),
          updateMade(),
          checkpointCommitted(),
          learnerFinished(),
          evaluationPartDone(),
          evaluationImpossible(),
          compared(),
          fail());

  private RunFormats() {}

  private static Format<RunActor.NodeReported, RunNodeReported> nodeReported() {
    return new Format<>(
        "rn",
        RunActor.NodeReported.class,
        RunNodeReported.parser(),
        (reported, refs) -> {
          NodeReport report = reported.report();
          RunNodeReported.Builder message =
              RunNodeReported.newBuilder()
                  .setNode(report.node())
                  .setTerm(report.term())
                  .addAllRewards(RolloutFormats.rewardMessages(report.rewards(), refs))
                  .setLearner(report.learner().map(refs::text).orElse(""));
          for (NodeReport.Rollout rollout : report.rollouts()) {
            message.addRollouts(
                RunNodeReported.Rollout.newBuilder()
                    .setName(rollout.name())
                    .setRollout(refs.text(rollout.rollout()))
                    .setLife(rollout.life()));
          }
          return message.build();
        },
        (m, refs) ->
            new RunActor.NodeReported(
                new NodeReport(
                    m.getNode(),
                    m.getTerm(),
                    m.getRolloutsList().stream()
                        .map(
                            rollout ->
                                new NodeReport.Rollout(
                                    rollout.getName(),
                                    refs.ref(rollout.getRollout()),
                                    rollout.getLife()))
                        .toList(),
                    RolloutFormats.rewards(m.getRewardsList(), refs),
                    m.getLearner().isEmpty()
                        ? Optional.empty()
                        : Optional.of(refs.ref(m.getLearner())))));
  }

  private static Format<RunActor.Compared, RunCompared> compared() {
    return new Format<>(
        "rs",
        RunActor.Compared.class,
        RunCompared.parser(),
        (compared, _) -> {
          ShadowFigures figures = compared.figures();
          RunCompared.Builder message =
              RunCompared.newBuilder()
                  .setShadow(OutcomeCodec.VERIFIER.toMessage(compared.shadow()))
                  .setCompared(figures.compared())
                  .setSkipped(figures.skipped())
                  .setAgreed(figures.agreed())
                  .setBothScored(figures.bothScored())
                  .setScoreSum(figures.scoreSum())
                  .setShadowScoreSum(figures.shadowScoreSum())
                  .setUnscored(figures.unscored())
                  .setShadowUnscored(figures.shadowUnscored());
          for (Disagreement example : figures.examples()) {
            message.addExamples(
                DisagreementMessage.newBuilder()
                    .setPrompt(example.prompt())
                    .setAnswer(example.answer())
                    .setOutcome(OutcomeCodec.OUTCOME.toMessage(example.outcome()))
                    .setShadowOutcome(OutcomeCodec.OUTCOME.toMessage(example.shadow())));
          }
          return message.build();
        },
        (m, _) ->
            new RunActor.Compared(
                OutcomeCodec.VERIFIER.fromMessage(m.getShadow()),
                new ShadowFigures(
                    m.getCompared(),
                    m.getSkipped(),
                    m.getAgreed(),
                    m.getBothScored(),
                    m.getScoreSum(),
                    m.getShadowScoreSum(),
                    m.getUnscored(),
                    m.getShadowUnscored(),
                    m.getExamplesList().stream()
                        .map(
                            example ->
                                new Disagreement(
                                    example.getPrompt(),
                                    example.getAnswer(),
                                    OutcomeCodec.OUTCOME.fromMessage(example.getOutcome()),
                                    OutcomeCodec.OUTCOME.fromMessage(example.getShadowOutcome())))
                        .toList())));
  }

  private static Format<RunActor.RewardUnresponsive, RunRewardUnresponsive> rewardUnresponsive() {
    return new Format<>(
        "rw",
        RunActor.RewardUnresponsive.class,
        RunRewardUnresponsive.parser(),
        (unresponsive, refs) ->
            RunRewardUnresponsive.newBuilder().setReward(refs.text(unresponsive.reward())).build(),
        (m, refs) -> new RunActor.RewardUnresponsive(refs.ref(m.getReward())));
  }

  private static Format<RunActor.Reinforced, RunReinforced> reinforced() {
    return new Format<>(
        "rr",
        RunActor.Reinforced.class,
        RunReinforced.parser(),
        (reinforced, _) ->
            RunReinforced.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(reinforced.version()))
                .setLastBatch(reinforced.lastBatch())
                .setSftSteps(reinforced.sftSteps())
                .build(),
        (m, _) ->
            new RunActor.Reinforced(
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                m.getLastBatch(),
                m.getSftSteps()));
  }

  private static Format<RunActor.UpdateMade, RunUpdateMade> updateMade() {
    return new Format<>(
        "ru",
        RunActor.UpdateMade.class,
        RunUpdateMade.parser(),
        (made, _) ->
            RunUpdateMade.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(made.version()))
                .setBatch(made.batch())
                .setEvaluate(made.evaluate())
                .build(),
        (m, _) ->
            new RunActor.UpdateMade(
                PolicyCodec.VERSION.fromMessage(m.getVersion()), m.getBatch(), m.getEvaluate()));
  }

  private static Format<RunActor.CheckpointCommitted, RunCheckpointCommitted>
      checkpointCommitted() {
    return new Format<>(
        "rc",
        RunActor.CheckpointCommitted.class,
        RunCheckpointCommitted.parser(),
        (committed, _) ->
            RunCheckpointCommitted.newBuilder()
                .setCheckpoint(CheckpointCodec.REF.toMessage(committed.checkpoint()))
                .build(),
        (m, _) ->
            new RunActor.CheckpointCommitted(CheckpointCodec.REF.fromMessage(m.getCheckpoint())));
  }

  private static Format<RunActor.LearnerFinished, RunLearnerFinished> learnerFinished() {
    return new Format<>(
        "rl",
        RunActor.LearnerFinished.class,
        RunLearnerFinished.parser(),
        (finished, _) -> {
          var builder =
              RunLearnerFinished.newBuilder()
                  .setWhy(finished.why())
                  .setLastBatch(finished.lastBatch());
          finished.version().ifPresent(it -> builder.setVersion(PolicyCodec.VERSION.toMessage(it)));
          finished
              .checkpoint()
              .ifPresent(ref -> builder.setCheckpoint(CheckpointCodec.REF.toMessage(ref)));
          return builder.build();
        },
        (m, _) ->
            new RunActor.LearnerFinished(
                m.getWhy(),
                m.hasVersion()
                    ? Optional.of(PolicyCodec.VERSION.fromMessage(m.getVersion()))
                    : Optional.empty(),
                m.getLastBatch(),
                m.hasCheckpoint()
                    ? Optional.of(CheckpointCodec.REF.fromMessage(m.getCheckpoint()))
                    : Optional.empty()));
  }

  private static Format<RunActor.EvaluationPartDone, RunEvaluationPartDone> evaluationPartDone() {
    return new Format<>(
        "rd",
        RunActor.EvaluationPartDone.class,
        RunEvaluationPartDone.parser(),
        (done, _) ->
            RunEvaluationPartDone.newBuilder()
                .setEvaluation(done.evaluation())
                .setPart(done.part())
                .setFrom(done.from())
                .addAllVerdicts(
                    done.verdicts().stream().map(BatchCodec.JUDGED_TRAJECTORY::toMessage).toList())
                .build(),
        (m, _) ->
            new RunActor.EvaluationPartDone(
                m.getEvaluation(),
                m.getPart(),
                m.getFrom(),
                m.getVerdictsList().stream()
                    .map(BatchCodec.JUDGED_TRAJECTORY::fromMessage)
                    .toList()));
  }

  private static Format<RunActor.EvaluationImpossible, RunEvaluationImpossible>
      evaluationImpossible() {
    return new Format<>(
        "ri",
        RunActor.EvaluationImpossible.class,
        RunEvaluationImpossible.parser(),
        (impossible, _) ->
            RunEvaluationImpossible.newBuilder()
                .setEvaluation(impossible.evaluation())
                .setPart(impossible.part())
                .setVersion(PolicyCodec.VERSION.toMessage(impossible.version()))
                .build(),
        (m, _) ->
            new RunActor.EvaluationImpossible(
                m.getEvaluation(), m.getPart(), PolicyCodec.VERSION.fromMessage(m.getVersion())));
  }

  private static Format<RunActor.Fail, RunFail> fail() {
    return new Format<>(
        "rf",
        RunActor.Fail.class,
        RunFail.parser(),
        (fail, _) -> RunFail.newBuilder().setWhy(fail.why()).build(),
        (m, _) -> new RunActor.Fail(m.getWhy()));
  }
}
