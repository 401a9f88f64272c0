package dev.troupe.rollout.verify.instruction;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.rollout.verify.instruction.Constraint.Relation;
import dev.troupe.rollout.verify.text.PythonText;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** Constraints on numbers of sentences, words and paragraphs. */
final class Lengths {
  private static final Pattern DIVIDER =
      Pattern.compile("\\s?\\*\\*\\*\\s?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern EMPTY_LINE = Pattern.compile("\n\n");
  private static final String ENDS_A_FIRST_WORD = ".,?!'\"";

  private Lengths() {}

  record Sentences(
      @Setting(means = "The bound.") int numSentences,
      @Setting(means = "Below or not.") String relation) {}

  record Paragraphs(@Setting(means = "Exactly so many.") int numParagraphs) {}

  record NumberOfWords(
      @Setting(means = "The bound.") int numWords,
      @Setting(means = "Below or not.") String relation) {}

  record Nth(
      @Setting(means = "Paragraphs in all.") int numParagraphs,
      @Setting(means = "The one that is meant.") int nthParagraph,
      @Setting(means = "How it begins.") String firstWord) {}

  /** By Punkt. */
  static Constraint sentences(Sentences kwargs) {
    Relation relation = Relation.of("relation", kwargs.relation());
    return response -> relation.holds(Punkt.count(response), kwargs.numSentences());
  }

  /** Words are {@code \w+}. */
  static Constraint words(NumberOfWords kwargs) {
    Relation relation = Relation.of("relation", kwargs.relation());
    return response -> relation.holds(words(response), kwargs.numWords());
  }

  private static int words(String text) {
    int words = 0;
    boolean inside = false;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      boolean isWord = PythonText.isWord(codePoint);
      words += isWord && !inside ? 1 : 0;
      inside = isWord;
      at += Character.charCount(codePoint);
    }
    return words;
  }

  /** Divided by {@code ***}; only the first and the last may be empty, and don't count then. */
  static Constraint paragraphs(Paragraphs kwargs) {
    return response -> {
      String[] paragraphs = DIVIDER.split(response, -1);
      int count = paragraphs.length;
      for (int i = 0; i < paragraphs.length; i++) {
        if (PythonText.strip(paragraphs[i]).isEmpty()) {
          if (i > 0 && i < paragraphs.length - 1) {
            return false;
          }
          count--;
        }
      }
      return count == kwargs.numParagraphs();
    };
  }

  /** Divided by an empty line; empty ones don't count, yet have their places. */
  static Constraint nth(Nth kwargs) {
    String wanted = kwargs.firstWord().toLowerCase(Locale.ROOT);
    return response -> {
      String[] paragraphs = EMPTY_LINE.split(response, -1);
      long count =
          Arrays.stream(paragraphs).filter(each -> !PythonText.strip(each).isEmpty()).count();
      if (kwargs.nthParagraph() < 1 || kwargs.nthParagraph() > count) {
        return false;
      }
      String paragraph = PythonText.strip(paragraphs[kwargs.nthParagraph() - 1]);
      return !paragraph.isEmpty()
          && count == kwargs.numParagraphs()
          && firstWord(paragraph).equals(wanted);
    };
  }

  private static String firstWord(String paragraph) {
    int end = 0;
    while (end < paragraph.length() && !PythonText.isSpace(paragraph.charAt(end))) {
      end++;
    }
    String word = withoutLeading(withoutLeading(paragraph.substring(0, end), '\''), '"');
    int length = 0;
    while (length < word.length() && ENDS_A_FIRST_WORD.indexOf(word.charAt(length)) < 0) {
      length++;
    }
    return word.substring(0, length).toLowerCase(Locale.ROOT);
  }

  private static String withoutLeading(String word, char mark) {
    int from = 0;
    while (from < word.length() && word.charAt(from) == mark) {
      from++;
    }
    return word.substring(from);
  }
}
