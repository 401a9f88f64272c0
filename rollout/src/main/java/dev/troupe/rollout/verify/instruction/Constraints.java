package dev.troupe.rollout.verify.instruction;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.check.NearestName;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.settings.Settings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The 25 constraints of IFEval, by the ids that its prompt file uses. */
final class Constraints {
  private static final Map<String, Maker<?>> BY_ID = new TreeMap<>();

  private record Maker<K extends Record>(Class<K> kwargs, Function<K, Constraint> make) {
    Constraint of(JsonObject written) {
      return make.apply(Settings.bind(kwargs, written));
    }
  }

  /** Kwargs of a constraint that has none. */
  private record None() {}

  static {
    put("keywords:existence", Words.Existence.class, Words::existence);
    put("keywords:frequency", Words.Frequency.class, Words::frequency);
    put("keywords:forbidden_words", Words.Forbidden.class, Words::forbidden);
    put("keywords:letter_frequency", Words.Letter.class, Words::letter);
    put("language:response_language", Cases.Language.class, Cases::language);
    put("length_constraints:number_sentences", Lengths.Sentences.class, Lengths::sentences);
    put("length_constraints:number_paragraphs", Lengths.Paragraphs.class, Lengths::paragraphs);
    put("length_constraints:number_words", Lengths.NumberOfWords.class, Lengths::words);
    put("length_constraints:nth_paragraph_first_word", Lengths.Nth.class, Lengths::nth);
    put("detectable_content:number_placeholders", Forms.Placeholders.class, Forms::placeholders);
    put("detectable_content:postscript", Forms.Postscript.class, Forms::postscript);
    put("detectable_format:number_bullet_lists", Forms.Bullets.class, Forms::bullets);
    put("detectable_format:constrained_response", Forms::isConstrained);
    put("detectable_format:number_highlighted_sections", Forms.Highlights.class, Forms::highlights);
    put("detectable_format:multiple_sections", Forms.Sections.class, Forms::sections);
    put("detectable_format:json_format", Forms::isJson);
    put("detectable_format:title", Forms::hasTitle);
    put("combination:two_responses", Forms::isTwoResponses);
    put("combination:repeat_prompt", Forms.Repeat.class, Forms::repeat);
    put("startend:end_checker", Forms.End.class, Forms::end);
    put("startend:quotation", Forms::isQuoted);
    put("change_case:capital_word_frequency", Cases.CapitalWords.class, Cases::capitalWords);
    put("change_case:english_capital", Cases::isEnglishCapital);
    put("change_case:english_lowercase", Cases::isEnglishLowercase);
    put("punctuation:no_comma", response -> response.indexOf(',') < 0);
  }

  private Constraints() {}

  private static <K extends Record> void put(
      String id, Class<K> kwargs, Function<K, Constraint> make) {
    BY_ID.put(id, new Maker<>(kwargs, make));
  }

  private static void put(String id, Constraint constraint) {
    put(id, None.class, _ -> constraint);
  }

  static Set<String> ids() {
    return Set.copyOf(BY_ID.keySet());
  }

  /**
   * A constraint by its id and arguments. Arguments that are null, 0 or empty count as not given,
   * as in the reference, which then draws some at random: here they are missing.
   *
   * @throws BadSettingsException naming what can't be used
   */
  static Constraint of(String id, JsonObject kwargs) {
    Maker<?> maker = BY_ID.get(id);
    if (maker == null) {
      throw new BadSettingsException(
          new SettingProblem(
              "",
              id,
              "an instruction of IFEval",
              "nearest: " + NearestName.of(id, BY_ID.keySet())));
    }
    JsonObject given = new JsonObject();
    kwargs
        .asMap()
        .forEach(
            (name, value) -> {
              if (isGiven(value)) {
                given.add(name.replace('_', '-'), value);
              }
            });
    try {
      return maker.of(given);
    } catch (InvalidValueException e) {
      throw new BadSettingsException(
          new SettingProblem(id + "." + e.component(), e.got(), e.expected(), ""));
    } catch (BadSettingsException e) {
      throw e.in(id);
    }
  }

  private static boolean isGiven(JsonElement value) {
    return switch (value) {
      case JsonPrimitive text when text.isString() -> !text.getAsString().isEmpty();
      case JsonPrimitive number when number.isNumber() -> number.getAsDouble() != 0;
      case JsonElement other ->
          !other.isJsonNull() && !(other.isJsonArray() && other.getAsJsonArray().isEmpty());
    };
  }
}
