package dev.troupe.rollout.verify.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * 1 where the letter that an answer chooses is the right one, else 0. How the letter is found is a
 * setting; the three ways are lm-eval's filters, see {@link ChoiceExtract}. Letters are compared
 * without regard to case and punctuation: {@code (B)} is {@code b}.
 *
 * <p>The task expects a letter, or {@code {"answer": "B", "choices": ["Paris", "Rome"]}}, where the
 * choices' own texts are found, too (by {@code parenthesis}).
 */
public final class MultipleChoice implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "multiple-choice",
          "1",
          "1 where the chosen letter is the right one, else 0",
          "a letter, or {\"answer\": LETTER, \"choices\": [TEXT, ...]}",
          Settings.class,
          MultipleChoice::new);

  private final Extract extract;

  private MultipleChoice(Settings settings) {
    this.extract = settings.extract();
  }

  /** How the letter is found. */
  public enum Extract {
    PARENTHESIS,
    ANSWER_IS,
    LETTER
  }

  /** What can be set. */
  public record Settings(
      @Setting(
              means =
                  "How the choice is found: parenthesis (the last (A); else a choice's text; else a"
                      + " letter after a colon), answer-is (the rest of the line behind \"answer"
                      + " is\"), or letter (a letter A to J behind \"answer is\").",
              standard = "parenthesis")
          Extract extract) {}

  /** What a task says. */
  private record Key(String answer, List<String> choices) {}

  @Override
  public Outcome judge(Attempt attempt) {
    if (attempt.expected().isBlank()) {
      return Verdicts.NO_REFERENCE;
    }
    Optional<Key> key = key(attempt.expected());
    if (key.isEmpty()) {
      return new Outcome.Invalid(
          "expected a letter or {\"answer\": LETTER, \"choices\": [TEXT, ...]}, got ["
              + attempt.expected()
              + "]");
    }
    Optional<String> chosen = chosen(extract, attempt.answer(), key.get().choices());
    return Verdicts.of(chosen.isPresent() && bare(chosen.get()).equals(bare(key.get().answer())));
  }

  static Optional<String> chosen(Extract extract, String answer, List<String> choices) {
    return switch (extract) {
      case PARENTHESIS -> ChoiceExtract.parenthesis(answer, choices);
      case ANSWER_IS -> ChoiceExtract.answerIs(answer);
      case LETTER -> ChoiceExtract.letter(answer);
    };
  }

  private static Optional<Key> key(String expected) {
    if (!expected.strip().startsWith("{")) {
      return Optional.of(new Key(expected.strip(), List.of()));
    }
    try {
      if (JsonText.parse(expected.strip()) instanceof JsonObject object
          && object.get("answer") instanceof JsonPrimitive answer) {
        List<String> choices =
            object.has("choices")
                ? object.getAsJsonArray("choices").asList().stream()
                    .map(JsonElement::getAsString)
                    .toList()
                : List.of();
        return Optional.of(new Key(answer.getAsString(), choices));
      }
    } catch (JsonParseException
        | ClassCastException
        | IllegalStateException
        | UnsupportedOperationException _) {
      // Said by the caller.
    }
    return Optional.empty();
  }

  private static String bare(String text) {
    StringBuilder kept = new StringBuilder();
    text.toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> !PythonText.isPunctuation(c) && !PythonText.isSpace(c))
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }
}
