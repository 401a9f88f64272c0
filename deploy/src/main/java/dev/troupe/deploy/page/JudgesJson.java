package dev.troupe.deploy.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.troupe.actors.run.ShadowReport;
import dev.troupe.deploy.watch.Judges;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
      one.add("median", ViewJson.number(verifier.median()));
      one.add("slow", ViewJson.number(verifier.slow()));
      verifiers.add(one);
    }
    json.add("verifiers", verifiers);
    json.add(
        "shadow", judges.shadow().<JsonElement>map(JudgesJson::write).orElse(JsonNull.INSTANCE));
    return json;
  }

  private static JsonObject write(Judges.Shadow shadow) {
    JsonObject json = new JsonObject();
    json.addProperty("name", shadow.name());
    json.addProperty("trial", shadow.trial());
    json.addProperty("state", shadow.state().name().toLowerCase(Locale.ROOT));
    json.addProperty("words", shadow.words());
    json.addProperty("compared", shadow.compared());
    json.addProperty("skipped", shadow.skipped());
    json.add("agreement", ViewJson.number(shadow.agreement()));
    json.add("reward", ViewJson.number(shadow.scoreMean()));
    json.add("shadowReward", ViewJson.number(shadow.shadowScoreMean()));
    json.addProperty("unscored", shadow.unscored());
    json.addProperty("shadowUnscored", shadow.shadowUnscored());
    JsonArray examples = new JsonArray();
    for (Judges.Example example : shadow.examples()) {
      JsonObject one = new JsonObject();
      one.addProperty("prompt", example.prompt());
      one.addProperty("answer", example.answer());
      one.addProperty("outcome", example.outcome());
      one.addProperty("shadow", example.shadow());
      examples.add(one);
    }
    json.add("examples", examples);
    return json;
  }

  private static Judges.Shadow readShadow(JsonObject json) {
    List<Judges.Example> examples = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("examples")) {
      JsonObject one = element.getAsJsonObject();
      examples.add(
          new Judges.Example(
              one.get("prompt").getAsString(),
              one.get("answer").getAsString(),
              one.get("outcome").getAsString(),
              one.get("shadow").getAsString()));
    }
    return new Judges.Shadow(
        json.get("name").getAsString(),
        json.get("trial").getAsInt(),
        ShadowReport.State.valueOf(json.get("state").getAsString().toUpperCase(Locale.ROOT)),
        json.get("words").getAsString(),
        json.get("compared").getAsLong(),
        json.get("skipped").getAsLong(),
        number(json.get("agreement")),
        number(json.get("reward")),
        number(json.get("shadowReward")),
        json.get("unscored").getAsLong(),
        json.get("shadowUnscored").getAsLong(),
        examples);
  }

  private static double number(JsonElement element) {
    return element.isJsonNull() ? Double.NaN : element.getAsDouble();
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
              number(one.get("reward")),
              one.get("unscored").getAsLong(),
              number(one.get("median")),
              number(one.get("slow"))));
    }
    return new Judges(
        verifiers,
        json.get("swaps").getAsLong(),
        json.get("shadow").isJsonNull()
            ? Optional.empty()
            : Optional.of(readShadow(json.getAsJsonObject("shadow"))));
  }
}
