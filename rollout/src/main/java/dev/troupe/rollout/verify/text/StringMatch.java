package dev.troupe.rollout.verify.text;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How much an answer and a reference share, word by word, after SQuAD's normalisation (Rajpurkar et
 * al., 2016, arXiv:1606.05250).
 *
 * <pre>
 * normalised = lower case, without ASCII punctuation, without the words a, an, the
 * precision  = shared words / words of the answer        (shared: as often as in both)
 * recall     = shared words / words of the reference
 * f1         = 2 · precision · recall / (precision + recall), 0 if nothing is shared
 * exact      = 1 where the normalised texts are equal
 * </pre>
 *
 * <p>Two empty texts share nothing, so their F1 is 0, as open-instruct has it; SQuAD's later script
 * gives 1. With several references the best one counts.
 */
public final class StringMatch implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "squad",
          "1",
          "words shared with the reference: F1, or 1 where they are the same",
          "the reference, or a JSON list of references of which the best counts",
          Settings.class,
          StringMatch::new);

  private static final String THOUGHT_END = "</think>";

  private final Settings settings;

  private StringMatch(Settings settings) {
    this.settings = settings;
  }

  /** What the score is. */
  public enum Score {
    F1,
    EXACT
  }

  /** Which part of a completion is the answer. */
  public enum Answer {
    /** All of it. */
    WHOLE,
    /** What follows the last {@code </think>}, without answer tags. */
    AFTER_THOUGHT,
    /** What the last pair of tags holds; without both of them the score is 0. */
    IN_TAGS,
    /** What follows the last occurrence of the phrase. */
    AFTER_PHRASE
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "The score: f1, or exact.", standard = "f1") Score score,
      @Setting(means = "Which part of the completion is the answer.", standard = "whole")
          Answer answer,
      @Setting(means = "Name of the tags, for answer = in-tags.", standard = "answer") String tag,
      @Setting(means = "The phrase, for answer = after-phrase.", standard = "The answer is: ")
          String phrase) {
    public Settings {
      Check.notBlank("tag", tag);
      Check.notBlank("phrase", phrase);
    }
  }

  /** How well two texts agree. */
  record Agreement(boolean exact, double f1, double precision, double recall) {}

  @Override
  public Outcome judge(Attempt attempt) {
    Optional<String> answer = answer(attempt.answer());
    if (answer.isEmpty()) {
      return Verdicts.of(false);
    }
    Agreement best = new Agreement(false, 0, 0, 0);
    boolean exact = false;
    for (String reference : References.of(attempt.expected())) {
      Agreement agreement = compare(answer.get(), reference);
      exact |= agreement.exact();
      best = agreement.f1() > best.f1() ? agreement : best;
    }
    return new Outcome.Scored(
        switch (settings.score()) {
          case F1 -> best.f1();
          case EXACT -> exact ? 1 : 0;
        },
        List.of(
            new Outcome.Part("exact", exact ? 1 : 0),
            new Outcome.Part("f1", best.f1()),
            new Outcome.Part("precision", best.precision()),
            new Outcome.Part("recall", best.recall())),
        Optional.empty());
  }

  private Optional<String> answer(String text) {
    return switch (settings.answer()) {
      case WHOLE -> Optional.of(text);
      case AFTER_THOUGHT -> Optional.of(afterThought(text));
      case IN_TAGS -> {
        String open = "<" + settings.tag() + ">";
        String close = "</" + settings.tag() + ">";
        yield text.contains(open) && text.contains(close)
            ? Optional.of(before(after(text, open), close))
            : Optional.empty();
      }
      case AFTER_PHRASE -> Optional.of(after(text, settings.phrase()).strip());
    };
  }

  private static String afterThought(String text) {
    return after(text.replace("<|assistant|>", "").strip(), THOUGHT_END)
        .replace("<answer>", "")
        .replace("</answer>", "")
        .strip();
  }

  private static String after(String text, String mark) {
    int at = text.lastIndexOf(mark);
    return at < 0 ? text : text.substring(at + mark.length());
  }

  private static String before(String text, String mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  static Agreement compare(String answer, String reference) {
    List<String> got = words(answer);
    List<String> wanted = words(reference);
    boolean exact = got.equals(wanted);
    Map<String, Integer> left = new HashMap<>();
    wanted.forEach(word -> left.merge(word, 1, Integer::sum));
    int shared = 0;
    for (String word : got) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        shared++;
      }
    }
    if (shared == 0) {
      return new Agreement(exact, 0, 0, 0);
    }
    double precision = (double) shared / got.size();
    double recall = (double) shared / wanted.size();
    return new Agreement(exact, 2 * precision * recall / (precision + recall), precision, recall);
  }

  /** The words of the normalised text. */
  static List<String> words(String text) {
    StringBuilder kept = new StringBuilder();
    text.toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> !PythonText.isPunctuation(c))
        .forEach(kept::appendCodePoint);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    StringBuilder run = new StringBuilder();
    kept.append(' ')
        .codePoints()
        .forEach(
            c -> {
              if (PythonText.isWord(c)) {
                run.appendCodePoint(c);
                return;
              }
              boolean isArticle = isArticle(run);
              if (!isArticle) {
                word.append(run);
              }
              if ((isArticle || PythonText.isSpace(c)) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
              }
              run.setLength(0);
              if (!PythonText.isSpace(c)) {
                word.appendCodePoint(c);
              }
            });
    return words;
  }

  private static boolean isArticle(CharSequence run) {
    return switch (run.toString()) {
      case "a", "an", "the" -> true;
      default -> false;
    };
  }
}
