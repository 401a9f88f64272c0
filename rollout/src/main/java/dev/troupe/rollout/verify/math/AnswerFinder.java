package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Passage.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Where in a response the answer may be, the surest places first, within a rank the last one first:
 *
 * <pre>
 * 0  "final answer is …, I hope"
 * 1  "final answer … is …", and boxes
 * 2  "answer: …"
 * 3  "answer …", within fifty characters
 * 4  the last mathematics, arithmetic or number
 * </pre>
 */
final class AnswerFinder {
  static final int RANKS = 5;
  private static final String FINAL_ANSWER = "final answer";
  private static final String ANSWER = "answer";
  private static final int WORDS_BETWEEN_MAX = 100;
  private static final int GAP_MAX = 50;
  private static final Comparator<Passage> LAST_FIRST =
      Comparator.comparingInt(Passage::end).reversed().thenComparingInt(Passage::start);

  private final String text;
  private final String lower;
  private final Environments environments;
  private final Arithmetic arithmetic;
  private final boolean plain;

  /**
   * @param plain whether arithmetic and numbers outside of mathematics may be the answer
   */
  AnswerFinder(String text, boolean plain) {
    this.text = text;
    this.lower = lower(text);
    this.environments = new Environments(text);
    this.arithmetic = new Arithmetic(text);
    this.plain = plain;
  }

  /** The places of {@code rank}, the most likely one first. */
  List<Passage> rank(int rank) {
    List<Passage> passages = new ArrayList<>();
    switch (rank) {
      case 0 -> {
        passages.addAll(each(FINAL_ANSWER + " is", start -> hoped(start, this::latexAfterSpace)));
        if (plain) {
          passages.addAll(each(FINAL_ANSWER + " is", start -> hoped(start, this::plainAfterSpace)));
        }
      }
      case 1 -> {
        passages.addAll(each(FINAL_ANSWER, start -> stated(start, true, this::latexAfterSpace)));
        passages.addAll(boxes());
        if (plain) {
          passages.addAll(
              each(FINAL_ANSWER, start -> stated(start, false, at -> arithmetic.at(at, false))));
        }
      }
      case 2 -> passages.addAll(answered(ANSWER + ":"));
      case 3 -> passages.addAll(answered(ANSWER));
      default -> {
        passages.addAll(environments.all(false));
        if (plain) {
          passages.addAll(arithmetic.all(false));
          passages.addAll(arithmetic.all(true));
        }
      }
    }
    passages.sort(LAST_FIRST);
    return passages;
  }

  /** Boxes alone: in mathematics, and by themselves. */
  List<Passage> boxes() {
    List<Passage> passages = new ArrayList<>(environments.all(true));
    int start = text.indexOf("\\boxed{");
    int end = text.lastIndexOf('}') + 1;
    if (start >= 0 && end > start + "\\boxed{x".length()) {
      passages.add(
          new Passage(
              Passage.Kind.LATEX,
              start,
              end,
              List.of(new Piece(text.substring(start, end), false, true))));
    }
    passages.sort(LAST_FIRST);
    return passages;
  }

  private List<Passage> answered(String words) {
    List<Passage> passages =
        new ArrayList<>(
            each(words, start -> within(start, true, GAP_MAX, at -> environments.at(at, false))));
    if (plain) {
      passages.addAll(each(words, this::computed));
    }
    return passages;
  }

  /** What {@code from} finds behind each of {@code words}, one after the other. */
  private List<Passage> each(String words, IntFunction<Optional<Passage>> from) {
    List<Passage> passages = new ArrayList<>();
    int position = 0;
    for (int at = lower.indexOf(words); at >= 0; at = lower.indexOf(words, position)) {
      Optional<Passage> passage = from.apply(at + words.length());
      position = at + words.length();
      if (passage.isPresent()) {
        Passage found = passage.orElseThrow();
        passages.add(new Passage(found.kind(), at, found.end(), found.pieces()));
        position = Math.max(position, found.end());
      }
      if (position >= lower.length()) {
        break;
      }
    }
    return passages;
  }

  private Optional<Passage> hoped(int start, IntFunction<Optional<Passage>> from) {
    Optional<Passage> passage = from.apply(afterColon(start));
    if (passage.isEmpty()) {
      return passage;
    }
    Passage found = passage.orElseThrow();
    int end = found.end();
    end += text.startsWith(".", end) ? 1 : 0;
    end += end < text.length() && Character.isWhitespace(text.charAt(end)) ? 1 : 0;
    return text.startsWith("I hope", end)
        ? Optional.of(
            new Passage(found.kind(), found.start(), end + "I hope".length(), found.pieces()))
        : Optional.empty();
  }

  /** "… is", up to a hundred characters on, then what is stated. */
  private Optional<Passage> stated(
      int start, boolean acrossLines, IntFunction<Optional<Passage>> from) {
    return within(
        start,
        acrossLines,
        WORDS_BETWEEN_MAX,
        at -> {
          int word = skipSpace(at);
          return word > at && text.startsWith("is", word)
              ? from.apply(afterColon(word + 2))
              : Optional.empty();
        });
  }

  /** Behind the last equal sign in reach, else behind as few characters as possible. */
  private Optional<Passage> computed(int start) {
    int line = text.indexOf('\n', start);
    int end = Math.min(line < 0 ? text.length() : line, start + WORDS_BETWEEN_MAX + 1);
    for (int at = end - 1; at >= start; at--) {
      if (text.charAt(at) == '=') {
        int digits = skipSpace(at + 1);
        Optional<Passage> passage =
            digits > at + 1 ? arithmetic.at(digits - 1, true) : Optional.empty();
        if (passage.isPresent()) {
          return passage;
        }
      }
    }
    return within(start, false, GAP_MAX, at -> arithmetic.at(at, true));
  }

  private Optional<Passage> within(
      int start, boolean acrossLines, int gapMax, IntFunction<Optional<Passage>> from) {
    for (int at = start; at <= Math.min(start + gapMax, text.length()); at++) {
      Optional<Passage> passage = from.apply(at);
      if (passage.isPresent()) {
        return passage;
      }
      if (!acrossLines && at < text.length() && text.charAt(at) == '\n') {
        break;
      }
    }
    return Optional.empty();
  }

  private Optional<Passage> latexAfterSpace(int start) {
    int at = skipSpace(start);
    Optional<Passage> passage = environments.at(at, false);
    return passage.isEmpty() && at > start ? environments.at(at - 1, false) : passage;
  }

  private Optional<Passage> plainAfterSpace(int start) {
    int at = skipSpace(start);
    return at > start ? arithmetic.at(at - 1, false) : arithmetic.at(at, false);
  }

  /** ASCII letters in lower case, every character in its place. */
  private static String lower(String text) {
    char[] letters = text.toCharArray();
    for (int i = 0; i < letters.length; i++) {
      if (letters[i] >= 'A' && letters[i] <= 'Z') {
        letters[i] = (char) (letters[i] - 'A' + 'a');
      }
    }
    return new String(letters);
  }

  private int afterColon(int position) {
    return text.startsWith(":", position) ? position + 1 : position;
  }

  private int skipSpace(int from) {
    int position = from;
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position;
  }
}
