package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.EnvironmentFragmentMessage;
import dev.troupe.protocol.proto.EnvironmentStateMessage;
import dev.troupe.protocol.proto.TensorMessage;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.Optional;

/** Environment fragments, and where samplers stood after them. */
public final class FragmentCodec {
  public static final RecordCodec<EnvironmentState, EnvironmentStateMessage> STATE =
      new RecordCodec<>(
          "EnvironmentState",
          EnvironmentStateMessage.parser(),
          FragmentCodec::toMessage,
          FragmentCodec::fromMessage);

  private FragmentCodec() {}

  static EnvironmentFragmentMessage toMessage(EnvironmentFragment fragment) {
    var message =
        EnvironmentFragmentMessage.newBuilder()
            .setObservations(TensorCodec.toMessage(fragment.observations()))
            .setActions(TensorCodec.toMessage(fragment.actions()))
            .setLogProbs(TensorCodec.toMessage(fragment.logProbs()))
            .setRewards(TensorCodec.toMessage(fragment.rewards()))
            .setTerminated(TensorCodec.toMessage(fragment.terminated()))
            .setTruncated(TensorCodec.toMessage(fragment.truncated()))
            .setInserted(TensorCodec.toMessage(fragment.inserted()))
            .setFinalObservations(TensorCodec.toMessage(fragment.finalObservations()))
            .setLastObservation(TensorCodec.toMessage(fragment.lastObservation()))
            .setStartState(TensorCodec.toMessage(fragment.startState()))
            .setStartReturns(TensorCodec.toMessage(fragment.startReturns()))
            .setEpisodeReturns(TensorCodec.toMessage(fragment.episodeReturns()))
            .setEpisodeLengths(TensorCodec.toMessage(fragment.episodeLengths()));
    fragment.after().ifPresent(state -> message.setAfter(toMessage(state)));
    return message.build();
  }

  private static EnvironmentStateMessage toMessage(EnvironmentState state) {
    return EnvironmentStateMessage.newBuilder()
        .setLine(state.line())
        .setEnvironments(OutcomeCodec.PAYLOAD.toMessage(state.environments()))
        .setReturns(TensorCodec.toMessage(state.returns()))
        .setMemory(TensorCodec.toMessage(state.memory()))
        .build();
  }

  private static EnvironmentState fromMessage(EnvironmentStateMessage message, Where where) {
    var environments =
        OutcomeCodec.fromMessage(
            message.getEnvironments(), where.required("environments", message.hasEnvironments()));
    var returns = tensor(where, "returns", message.hasReturns(), message.getReturns());
    var memory = tensor(where, "memory", message.hasMemory(), message.getMemory());
    return where.make(() -> new EnvironmentState(message.getLine(), environments, returns, memory));
  }

  static EnvironmentFragment fromMessage(EnvironmentFragmentMessage message, Where where) {
    var observations =
        tensor(where, "observations", message.hasObservations(), message.getObservations());
    var actions = tensor(where, "actions", message.hasActions(), message.getActions());
    var logProbs = tensor(where, "log_probs", message.hasLogProbs(), message.getLogProbs());
    var rewards = tensor(where, "rewards", message.hasRewards(), message.getRewards());
    var terminated = tensor(where, "terminated", message.hasTerminated(), message.getTerminated());
    var truncated = tensor(where, "truncated", message.hasTruncated(), message.getTruncated());
    var inserted = tensor(where, "inserted", message.hasInserted(), message.getInserted());
    var finalObservations =
        tensor(
            where,
            "final_observations",
            message.hasFinalObservations(),
            message.getFinalObservations());
    var lastObservation =
        tensor(
            where, "last_observation", message.hasLastObservation(), message.getLastObservation());
    var startState = tensor(where, "start_state", message.hasStartState(), message.getStartState());
    var startReturns =
        tensor(where, "start_returns", message.hasStartReturns(), message.getStartReturns());
    var episodeReturns =
        tensor(where, "episode_returns", message.hasEpisodeReturns(), message.getEpisodeReturns());
    var episodeLengths =
        tensor(where, "episode_lengths", message.hasEpisodeLengths(), message.getEpisodeLengths());
    Optional<EnvironmentState> after =
        message.hasAfter()
            ? Optional.of(fromMessage(message.getAfter(), where.in("after")))
            : Optional.empty();
    return where.make(
        () ->
            new EnvironmentFragment(
                observations,
                actions,
                logProbs,
                rewards,
                terminated,
                truncated,
                inserted,
                finalObservations,
                lastObservation,
                startState,
                startReturns,
                episodeReturns,
                episodeLengths,
                after));
  }

  private static TensorData tensor(
      Where where, String field, boolean present, TensorMessage message) {
    return TensorCodec.fromMessage(message, where.required(field, present));
  }
}
