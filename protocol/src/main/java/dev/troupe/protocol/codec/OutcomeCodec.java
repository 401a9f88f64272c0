package dev.troupe.protocol.codec;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.proto.CrashedMessage;
import dev.troupe.protocol.proto.InvalidMessage;
import dev.troupe.protocol.proto.OutcomeMessage;
import dev.troupe.protocol.proto.PluginPayloadMessage;
import dev.troupe.protocol.proto.ScorePartMessage;
import dev.troupe.protocol.proto.ScoredMessage;
import dev.troupe.protocol.proto.TimedOutMessage;
import dev.troupe.protocol.proto.VerifierRefMessage;
import dev.troupe.protocol.proto.VerifierVersionMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What verifiers say, who they are, and the plug-in values they explain themselves with. */
public final class OutcomeCodec {
  public static final RecordCodec<Outcome, OutcomeMessage> OUTCOME =
      new RecordCodec<>(
          "Outcome", OutcomeMessage.parser(), OutcomeCodec::toMessage, OutcomeCodec::fromMessage);

  public static final RecordCodec<VerifierRef, VerifierRefMessage> VERIFIER =
      new RecordCodec<>(
          "VerifierRef",
          VerifierRefMessage.parser(),
          OutcomeCodec::toMessage,
          OutcomeCodec::fromMessage);

  public static final RecordCodec<VerifierVersion, VerifierVersionMessage> VERSION =
      new RecordCodec<>(
          "VerifierVersion",
          VerifierVersionMessage.parser(),
          OutcomeCodec::toMessage,
          OutcomeCodec::fromMessage);

  public static final RecordCodec<PluginPayload, PluginPayloadMessage> PAYLOAD =
      new RecordCodec<>(
          "PluginPayload",
          PluginPayloadMessage.parser(),
          OutcomeCodec::toMessage,
          OutcomeCodec::fromMessage);

  private static final LastMessage<VerifierRef, VerifierRefMessage> LAST_VERIFIER =
      new LastMessage<>(OutcomeCodec::make);

  private OutcomeCodec() {}

  static OutcomeMessage toMessage(Outcome outcome) {
    var message = OutcomeMessage.newBuilder();
    switch (outcome) {
      case Outcome.Scored scored -> message.setScored(scored(scored));
      case Outcome.Invalid(var why) -> message.setInvalid(InvalidMessage.newBuilder().setWhy(why));
      case Outcome.TimedOut(var limit, var said) ->
          message.setTimedOut(
              TimedOutMessage.newBuilder().setLimitNanos(limit.toNanos()).setSaid(said));
      case Outcome.Crashed(var error) ->
          message.setCrashed(CrashedMessage.newBuilder().setError(error));
    }
    return message.build();
  }

  private static ScoredMessage scored(Outcome.Scored scored) {
    var message = ScoredMessage.newBuilder().setValue(scored.value());
    for (Outcome.Part part : scored.parts()) {
      message.addParts(
          ScorePartMessage.newBuilder().setName(part.name()).setValue(part.value()).build());
    }
    scored.detail().ifPresent(detail -> message.setDetail(toMessage(detail)));
    return message.build();
  }

  static Outcome fromMessage(OutcomeMessage message, Where where) {
    return switch (message.getOutcomeCase()) {
      case SCORED -> scored(message.getScored(), where.in("scored"));
      case INVALID -> new Outcome.Invalid(message.getInvalid().getWhy());
      case TIMED_OUT -> {
        Where inside = where.in("timed_out");
        Duration limit = inside.nanos("limit_nanos", message.getTimedOut().getLimitNanos());
        yield inside.make(() -> new Outcome.TimedOut(limit, message.getTimedOut().getSaid()));
      }
      case CRASHED -> new Outcome.Crashed(message.getCrashed().getError());
      case OUTCOME_NOT_SET ->
          throw where.in("outcome").refuse("scored, invalid, timed_out or crashed", "nothing");
    };
  }

  private static Outcome.Scored scored(ScoredMessage message, Where where) {
    List<Outcome.Part> parts =
        where.each(
            "parts",
            message.getPartsList(),
            (part, at) ->
                at.make(
                    () -> new Outcome.Part(part.getName(), at.finite("value", part.getValue()))));
    Optional<PluginPayload> detail =
        message.hasDetail()
            ? Optional.of(fromMessage(message.getDetail(), where.in("detail")))
            : Optional.empty();
    return where.make(
        () -> new Outcome.Scored(where.finite("value", message.getValue()), parts, detail));
  }

  static VerifierRefMessage toMessage(VerifierRef verifier) {
    return LAST_VERIFIER.of(verifier);
  }

  private static VerifierRefMessage make(VerifierRef verifier) {
    return VerifierRefMessage.newBuilder()
        .setName(verifier.name())
        .setVersion(verifier.version())
        .setHash(verifier.hash())
        .build();
  }

  static VerifierRef fromMessage(VerifierRefMessage message, Where where) {
    return where.make(
        () -> new VerifierRef(message.getName(), message.getVersion(), message.getHash()));
  }

  static VerifierVersionMessage toMessage(VerifierVersion version) {
    return VerifierVersionMessage.newBuilder()
        .setRef(toMessage(version.ref()))
        .setSettings(version.settings())
        .build();
  }

  static VerifierVersion fromMessage(VerifierVersionMessage message, Where where) {
    VerifierRef ref = fromMessage(message.getRef(), where.required("ref", message.hasRef()));
    return where.make(() -> new VerifierVersion(ref, message.getSettings()));
  }

  private static PluginPayloadMessage toMessage(PluginPayload payload) {
    return PluginPayloadMessage.newBuilder()
        .setPlugin(payload.plugin())
        .setVersion(payload.version())
        .setData(payload.bytes())
        .setWords(payload.words())
        .build();
  }

  static PluginPayload fromMessage(PluginPayloadMessage message, Where where) {
    return where.make(
        () ->
            new PluginPayload(
                message.getPlugin(), message.getVersion(), message.getData(), message.getWords()));
  }
}
