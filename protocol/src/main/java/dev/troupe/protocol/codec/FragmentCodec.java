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
        .setFinalObservations(TensorCodec.toMessage(fragment.finalObservations()))
        .setLastObservation(TensorCodec.toMessage(fragment.lastObservation()))
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
    var finalObservations =
        tensor(
            where,
            "final_observations",
            message.hasFinalObservations(),
            message.getFinalObservations());
    var lastObservation =
        tensor(
            where, "last_observation", message.hasLastObservation(), message.getLastObservation());
    return where.make(
        () ->
            new EnvironmentFragment(
                observations,
                actions,
                logProbs,
                rewards,
                terminated,
                truncated,
                finalObservations,
                lastObservation));
  }

  private static TensorData tensor(
      Where where, String field, boolean present, TensorMessage message) {
    return TensorCodec.fromMessage(message, where.required(field, present));
  }
}
