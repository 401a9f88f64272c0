package dev.troupe.rollout.verify.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a reward server is given, and what it gives back. */
public enum Format {
  /** Lists, as OpenRLHF's remote reward models have them. */
  OPENRLHF,
  /** One answer, as slime's remote_rm has it. */
  SINGLE;

  private static final String PROMPT = "prompt";

  /** The request for verdicts on {@code attempts}; of {@link #SINGLE} there is one. */
  JsonObject request(List<Attempt> attempts) {
    JsonObject request = new JsonObject();
    switch (this) {
      case OPENRLHF -> {
        request.add("query", texts(attempts, each -> each.prompt() + each.answer()));
        request.add("prompts", texts(attempts, Attempt::prompt));
        request.add("labels", texts(attempts, Attempt::expected));
      }
      case SINGLE -> {
        request.addProperty(PROMPT, attempts.getFirst().prompt());
        request.addProperty("response", attempts.getFirst().answer());
        request.addProperty("label", attempts.getFirst().expected());
      }
    }
    return request;
  }

  private static JsonArray texts(List<Attempt> attempts, Function<Attempt, String> text) {
    JsonArray texts = new JsonArray();
    attempts.forEach(each -> texts.add(text.apply(each)));
    return texts;
  }

  /** The verdicts on {@code count} answers in what was given back. */
  List<Outcome> outcomes(JsonElement reply, int count) {
    return switch (this) {
      case OPENRLHF -> listed(reply, count);
      case SINGLE -> List.of(outcome(reply));
    };
  }

  private static List<Outcome> listed(JsonElement reply, int count) {
    JsonElement found = reply;
    if (reply instanceof JsonObject object) {
      found = object.has("rewards") ? object.get("rewards") : object.get("scores");
    }
    if (!(found instanceof JsonArray rewards)) {
      return Collections.nCopies(
          count, invalid(reply, "{\"rewards\": [...]}, {\"scores\": [...]} or a list"));
    }
    if (rewards.size() != count) {
      return Collections.nCopies(
          count,
          new Outcome.Invalid(
              "the server returned [%d] rewards for [%d] answers: [%s]"
                  .formatted(rewards.size(), count, Quote.of(reply.toString()))));
    }
    List<Outcome> outcomes = new ArrayList<>();
    rewards.forEach(each -> outcomes.add(outcome(each)));
    return outcomes;
  }

  /** A number, or {@code {"score": number, "parts": {name: number}}}. */
  private static Outcome outcome(JsonElement reply) {
    JsonElement score = reply instanceof JsonObject object ? object.get("score") : reply;
    if (!isFinite(score)) {
      return invalid(reply, "a finite number, or {\"score\": number, \"parts\": {...}}");
    }
    List<Outcome.Part> parts = new ArrayList<>();
    if (reply instanceof JsonObject object && object.has("parts")) {
      if (!(object.get("parts") instanceof JsonObject named)) {
        return invalid(reply, "\"parts\": {name: number}");
      }
      for (Map.Entry<String, JsonElement> part : named.entrySet()) {
        if (!isFinite(part.getValue())) {
          return invalid(reply, "finite numbers for parts");
        }
        parts.add(new Outcome.Part(part.getKey(), part.getValue().getAsDouble()));
      }
    }
    return new Outcome.Scored(score.getAsDouble(), parts, Optional.empty());
  }

  private static boolean isFinite(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive primitive
        && primitive.isNumber()
        && Double.isFinite(primitive.getAsDouble());
  }

  private static Outcome invalid(JsonElement got, String expected) {
    return new Outcome.Invalid(
        "the server returned [" + Quote.of(got.toString()) + "], expected " + expected);
  }
}
