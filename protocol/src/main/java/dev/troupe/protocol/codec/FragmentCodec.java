package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.EnvironmentFragmentMessage;
import dev.troupe.protocol.proto.TensorMessage;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;

/** Environment fragments. */
final class FragmentCodec {
  private FragmentCodec() {}

  static EnvironmentFragmentMessage toMessage(EnvironmentFragment fragment) {
    return EnvironmentFragmentMessage.newBuilder()
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
        .setEpisodeLengths(TensorCodec.toMessage(fragment.episodeLengths()))
        .build();
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
                episodeLengths));
  }

  private static TensorData tensor(
      Where where, String field, boolean present, TensorMessage message) {
    return TensorCodec.fromMessage(message, where.required(field, present));
  }
}
