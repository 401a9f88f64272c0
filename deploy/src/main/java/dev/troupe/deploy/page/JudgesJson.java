package dev.troupe.deploy.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.deploy.watch.Judges;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's verifiers as JSON, and back. */
final class JudgesJson {
  private JudgesJson() {}

  static JsonObject write(Judges judges) {
    JsonObject json = new JsonObject();
    json.addProperty("swaps", judges.swaps());
    JsonArray verifiers = new JsonArray();
    for (Judges.Verifier verifier : judges.verifiers()) {
      JsonObject one = new JsonObject();
      one.addProperty("name", verifier.name());
      one.addProperty("state", text(verifier.state()));
      one.addProperty("judged", verifier.judged());
      one.add("reward", ViewJson.number(verifier.rewardMean()));
      one.addProperty("unscored", verifier.unscored());
      verifiers.add(one);
    }
    json.add("verifiers", verifiers);
    return json;
  }

  /** As the page and the figures call it. */
  static String text(Judges.State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Judges read(JsonObject json) {
    List<Judges.Verifier> verifiers = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("verifiers")) {
      JsonObject one = element.getAsJsonObject();
      verifiers.add(
          new Judges.Verifier(
              one.get("name").getAsString(),
              Judges.State.valueOf(
                  one.get("state").getAsString().toUpperCase(Locale.ROOT).replace('-', '_')),
              one.get("judged").getAsLong(),
              one.get("reward").isJsonNull() ? Double.NaN : one.get("reward").getAsDouble(),
              one.get("unscored").getAsLong()));
    }
    return new Judges(verifiers, json.get("swaps").getAsLong());
  }
}
