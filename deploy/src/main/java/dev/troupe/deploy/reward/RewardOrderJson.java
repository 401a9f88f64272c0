package dev.troupe.deploy.reward;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.rollout.verify.UnknownVerifierException;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An order about who judges, as it travels over HTTP. A verifier travels with its hash: who reads
 * it makes the hash again, so that what arrives is what was sent, and means the same here.
 */
public final class RewardOrderJson {
  private static final String ORDER = "order";

  private RewardOrderJson() {}

  /** For the body of a request. */
  public static String write(RewardOrder order) {
    JsonObject json = new JsonObject();
    switch (order) {
      case RewardOrder.Swap(var verifier, boolean trial) -> {
        json.addProperty(ORDER, "swap");
        json.addProperty("trial", trial);
        add(json, verifier);
      }
      case RewardOrder.Shadow(var verifier) -> {
        json.addProperty(ORDER, "shadow");
        add(json, verifier);
      }
      case RewardOrder.NoShadow _ -> json.addProperty(ORDER, "no-shadow");
      case RewardOrder.SwapTo(String known, var otherwise) -> {
        json.addProperty(ORDER, "swap-to");
        json.addProperty("known", known);
        otherwise.ifPresent(verifier -> add(json, verifier));
      }
      case RewardOrder.Back _ -> json.addProperty(ORDER, "back");
    }
    return json.toString();
  }

  private static void add(JsonObject json, VerifierVersion verifier) {
    json.addProperty("name", verifier.ref().name());
    json.addProperty("version", verifier.ref().version());
    json.addProperty("hash", verifier.ref().hash());
    json.addProperty("settings", verifier.settings());
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException with words for people, where it is none or its verifier is
   *     another one here
   */
  public static RewardOrder read(byte[] body) {
    try {
      JsonObject json =
          JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
      return switch (json.get(ORDER).getAsString()) {
        case "swap" -> new RewardOrder.Swap(verifier(json), json.get("trial").getAsBoolean());
        case "shadow" -> new RewardOrder.Shadow(verifier(json));
        case "no-shadow" -> new RewardOrder.NoShadow();
        case "swap-to" ->
            new RewardOrder.SwapTo(
                json.get("known").getAsString(),
                json.has("name") ? Optional.of(verifier(json)) : Optional.empty());
        case "back" -> new RewardOrder.Back();
        default ->
            throw new IllegalArgumentException(
                "order: got ["
                    + json.get(ORDER)
                    + "], expected swap, swap-to, back, shadow or no-shadow");
      };
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException e) {
      throw new IllegalArgumentException(
          "the body is no order, which is JSON with order and, to swap, the verifier's name,"
              + " version, hash and settings: "
              + e.getMessage(),
          e);
    }
  }

  private static VerifierVersion verifier(JsonObject json) {
    VerifierVersion verifier =
        new VerifierVersion(
            new VerifierRef(
                json.get("name").getAsString(),
                json.get("version").getAsString(),
                json.get("hash").getAsString()),
            json.get("settings").getAsString());
    VerifierRef here = made(verifier);
    if (!here.equals(verifier.ref())) {
      throw new IllegalArgumentException(
          "verifier [%s@%s]: got hash [%s], its settings make it [%s] here; is the other side of another release?"
              .formatted(here.name(), here.version(), verifier.ref().hash(), here.hash()));
    }
    return verifier;
  }

  private static VerifierRef made(VerifierVersion verifier) {
    try {
      return Verifiers.ref(verifier.ref().name(), verifier.ref().version(), verifier.settings());
    } catch (UnknownVerifierException | BadSettingsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
