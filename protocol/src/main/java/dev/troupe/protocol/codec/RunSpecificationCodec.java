package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.CheckpointSpecificationMessage;
import dev.troupe.protocol.proto.EvaluationSpecificationMessage;
import dev.troupe.protocol.proto.RunSpecificationMessage;
import dev.troupe.protocol.proto.RuntimeSpecificationMessage;
import dev.troupe.protocol.proto.StopSpecificationMessage;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.EvaluationSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.RuntimeSpecification;
import dev.troupe.protocol.run.StopSpecification;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Run specifications. */
public final class RunSpecificationCodec {
  public static final RecordCodec<RunSpecification, RunSpecificationMessage> RUN_SPECIFICATION =
      new RecordCodec<>(
          "RunSpecification",
          RunSpecificationMessage.parser(),
          RunSpecificationCodec::toMessage,
          RunSpecificationCodec::fromMessage);

  private RunSpecificationCodec() {}

  public static byte[] encode(RunSpecification run) {
    return RUN_SPECIFICATION.encode(run);
  }

  public static RunSpecification decode(byte[] bytes) {
    return RUN_SPECIFICATION.decode(bytes);
  }

  public static RunSpecification decode(ByteBuffer bytes) {
    return RUN_SPECIFICATION.decode(bytes);
  }

  private static RunSpecificationMessage toMessage(RunSpecification run) {
    var message =
        RunSpecificationMessage.newBuilder()
            .setName(run.name())
            .setSeed(run.seed())
            .setModel(ModelSpecificationCodec.toMessage(run.model()))
            .setTasks(TaskSpecificationCodec.toMessage(run.tasks()))
            .setSampling(SamplingSpecificationCodec.toMessage(run.sampling()))
            .setReward(RewardSpecificationCodec.toMessage(run.reward()))
            .setReplay(ReplaySpecificationCodec.toMessage(run.replay()))
            .setSft(SftSpecificationCodec.toMessage(run.sft()))
            .setLearner(LearnerSpecificationCodec.toMessage(run.learner()))
            .setEvaluation(
                EvaluationSpecificationMessage.newBuilder()
                    .setEvery(run.evaluation().every())
                    .setTasksMax(run.evaluation().tasksMax()))
            .setCheckpoints(
                CheckpointSpecificationMessage.newBuilder()
                    .setEvery(run.checkpoints().every())
                    .setKeep(run.checkpoints().keep()))
            .setStop(stop(run.stop()))
            .setRuntime(runtime(run.runtime()))
            .putAllFiles(run.files());
    run.control()
        .ifPresent(
            control ->
                message
                    .setEnvironment(EnvironmentSpecificationCodec.toMessage(control.environment()))
                    .setControl(ControlSpecificationCodec.toMessage(control.control())));
    return message.build();
  }

  private static RunSpecification fromMessage(RunSpecificationMessage message, Where where) {
    var model =
        ModelSpecificationCodec.fromMessage(
            message.getModel(), where.required("model", message.hasModel()));
    var tasks =
        TaskSpecificationCodec.fromMessage(
            message.getTasks(), where.required("tasks", message.hasTasks()));
    var sampling =
        SamplingSpecificationCodec.fromMessage(
            message.getSampling(), where.required("sampling", message.hasSampling()));
    var reward =
        RewardSpecificationCodec.fromMessage(
            message.getReward(), where.required("reward", message.hasReward()));
    var replay =
        ReplaySpecificationCodec.fromMessage(
            message.getReplay(), where.required("replay", message.hasReplay()));
    var sft =
        SftSpecificationCodec.fromMessage(
            message.getSft(), where.required("sft", message.hasSft()));
    var learner =
        LearnerSpecificationCodec.fromMessage(
            message.getLearner(), where.required("learner", message.hasLearner()));
    var evaluation =
        evaluation(message.getEvaluation(), where.required("evaluation", message.hasEvaluation()));
    var checkpoints =
        checkpoints(
            message.getCheckpoints(), where.required("checkpoints", message.hasCheckpoints()));
    var stop = stop(message.getStop(), where.required("stop", message.hasStop()));
    var runtime = runtime(message.getRuntime(), where.required("runtime", message.hasRuntime()));
    Optional<ControlRun> control = control(message, where);
    return where.make(
        () ->
            new RunSpecification(
                message.getName(),
                message.getSeed(),
                model,
                tasks,
                sampling,
                reward,
                replay,
                sft,
                learner,
                evaluation,
                checkpoints,
                stop,
                runtime,
                message.getFilesMap(),
                control));
  }

  private static Optional<ControlRun> control(RunSpecificationMessage message, Where where) {
    if (!message.hasEnvironment() && !message.hasControl()) {
      return Optional.empty();
    }
    var environment =
        EnvironmentSpecificationCodec.fromMessage(
            message.getEnvironment(), where.required("environment", message.hasEnvironment()));
    var control =
        ControlSpecificationCodec.fromMessage(
            message.getControl(), where.required("control", message.hasControl()));
    return Optional.of(new ControlRun(environment, control));
  }

  private static EvaluationSpecification evaluation(
      EvaluationSpecificationMessage message, Where where) {
    return where.make(() -> new EvaluationSpecification(message.getEvery(), message.getTasksMax()));
  }

  private static CheckpointSpecification checkpoints(
      CheckpointSpecificationMessage message, Where where) {
    return where.make(() -> new CheckpointSpecification(message.getEvery(), message.getKeep()));
  }

  private static StopSpecificationMessage stop(StopSpecification stop) {
    var message =
        StopSpecificationMessage.newBuilder()
            .setUpdates(stop.updates())
            .setTrajectories(stop.trajectories())
            .setWallTimeNanos(stop.wallTime().toNanos())
            .setAccuracy(stop.accuracy())
            .setEvaluationsWithoutImprovement(stop.evaluationsWithoutImprovement());
    stop.meanReturn().ifPresent(message::setMeanReturn);
    return message.build();
  }

  private static StopSpecification stop(StopSpecificationMessage message, Where where) {
    Duration wallTime = where.nanos("wall_time_nanos", message.getWallTimeNanos());
    return where.make(
        () ->
            new StopSpecification(
                message.getUpdates(),
                message.getTrajectories(),
                wallTime,
                message.getAccuracy(),
                message.getEvaluationsWithoutImprovement(),
                message.hasMeanReturn()
                    ? OptionalDouble.of(message.getMeanReturn())
                    : OptionalDouble.empty()));
  }

  private static RuntimeSpecificationMessage runtime(RuntimeSpecification runtime) {
    return RuntimeSpecificationMessage.newBuilder()
        .setRolloutActors(runtime.rolloutActors())
        .setLearnerThreads(runtime.learnerThreads())
        .setSamplerDevice(runtime.samplerDevice())
        .setLearnerDevice(runtime.learnerDevice())
        .setStallAfterNanos(runtime.stallAfter().toNanos())
        .setShare(runtime.share())
        .build();
  }

  private static RuntimeSpecification runtime(RuntimeSpecificationMessage message, Where where) {
    Duration stallAfter = where.nanos("stall_after_nanos", message.getStallAfterNanos());
    return where.make(
        () ->
            new RuntimeSpecification(
                message.getRolloutActors(),
                message.getLearnerThreads(),
                message.getSamplerDevice(),
                message.getLearnerDevice(),
                stallAfter,
                message.getShare()));
  }
}
