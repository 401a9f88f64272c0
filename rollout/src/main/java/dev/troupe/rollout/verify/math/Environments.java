package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Passage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds mathematics in running text: between {@code $$}, {@code \[ \]}, {@code $}, {@code \( \)} or
 * square brackets with white space around them, and fractions of numbers. Several with "and", "or"
 * or a comma between them are one passage. Linear in the length of the text.
 */
final class Environments {
  private static final Pattern FRACTION =
      Pattern.compile("-?\\\\frac\\{-?\\d+(?:[.,]\\d+)?\\}\\{-?\\d+(?:[.,]\\d+)?\\}");
  private static final Pattern PERCENT =
      Pattern.compile("\\s*+(?:\\\\?%|[Pp]ercentage|[Pp]ercent|[Pp]ct)");
  private static final Pattern CONNECTION = Pattern.compile("\\s*+(?:,?and|,?or|,)\\s*+");
  private static final int CONNECTED_MAX = 6;
  private static final String BOX = "\\boxed{";

  private final String text;
  private final Matcher matcher;
  private final NextIndex dollars;
  private final NextIndex closingBracket;
  private final NextIndex closingParenthesis;
  private final NextIndex newline;

  Environments(String text) {
    this.text = text;
    this.matcher = FRACTION.matcher(text);
    this.dollars = new NextIndex(text, "$$");
    this.closingBracket = new NextIndex(text, "\\]");
    this.closingParenthesis = new NextIndex(text, "\\)");
    this.newline = new NextIndex(text, "\n");
  }

  /** Passages one after the other, from the left. */
  List<Passage> all(boolean boxed) {
    List<Passage> passages = new ArrayList<>();
    int position = 0;
    while (position < text.length()) {
      Optional<Passage> passage = at(position, boxed);
      if (passage.isPresent()) {
        passages.add(passage.orElseThrow());
        position = passage.orElseThrow().end();
      } else {
        position++;
      }
    }
    return passages;
  }

  /** The passage that begins at {@code start}. */
  Optional<Passage> at(int start, boolean boxed) {
    Optional<Span> first = span(start, boxed);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<Piece> pieces = new ArrayList<>();
    int end = take(first.orElseThrow(), pieces);
    while (pieces.size() < CONNECTED_MAX && lookingAt(CONNECTION, end)) {
      int next = matcher.end();
      Optional<Span> span = span(next, boxed);
      if (span.isEmpty() && next > end && Character.isWhitespace(text.charAt(next - 1))) {
        span = span(next - 1, boxed);
      }
      if (span.isEmpty()) {
        break;
      }
      end = take(span.orElseThrow(), pieces);
    }
    return Optional.of(new Passage(Passage.Kind.LATEX, start, end, pieces));
  }

  private record Span(int from, int to, int end) {}

  private int take(Span span, List<Piece> pieces) {
    boolean percent = lookingAt(PERCENT, span.end);
    pieces.add(new Piece(text.substring(span.from, span.to), percent, false));
    return percent ? matcher.end() : span.end;
  }

  private Optional<Span> span(int start, boolean boxed) {
    if (start >= text.length()) {
      return Optional.empty();
    }
    Optional<Span> span =
        switch (text.charAt(start)) {
          case '$' -> {
            Optional<Span> display = display(start);
            yield fits(display, boxed) ? display : inline(start);
          }
          case '\\' -> {
            if (text.startsWith("\\[", start)) {
              yield delimited(start, closingBracket, text.length());
            }
            if (text.startsWith("\\(", start)) {
              yield delimited(start, closingParenthesis, newline.from(start));
            }
            yield fraction(start, boxed);
          }
          case '-' -> fraction(start, boxed);
          case ' ', '\t', '\n', '\r', '\f' -> bracket(start);
          default -> Optional.empty();
        };
    return fits(span, boxed) ? span : Optional.empty();
  }

  private boolean fits(Optional<Span> span, boolean boxed) {
    if (span.isEmpty() || !boxed) {
      return span.isPresent();
    }
    Span found = span.orElseThrow();
    int box = text.indexOf(BOX, found.from);
    return box >= 0 && box < found.to && text.lastIndexOf('}', found.to - 1) > box + BOX.length();
  }

  private Optional<Span> display(int start) {
    if (!text.startsWith("$$", start) || escaped(start)) {
      return Optional.empty();
    }
    int end = dollars.from(start + 2);
    return end > start + 2 && end < text.length() && !escaped(end)
        ? Optional.of(new Span(start + 2, end, end + 2))
        : Optional.empty();
  }

  /** Up to the next dollar of the line that no backslash stands before. */
  private Optional<Span> inline(int start) {
    if (escaped(start) || (start > 0 && Character.isDigit(text.charAt(start - 1)))) {
      return Optional.empty();
    }
    int line = newline.from(start);
    int end = text.indexOf('$', start + 1);
    while (end >= 0 && end < line && end > start + 1 && escaped(end)) {
      end = text.indexOf('$', end + 1);
    }
    return end > start + 1 && end < line
        ? Optional.of(new Span(start + 1, end, end + 1))
        : Optional.empty();
  }

  private Optional<Span> delimited(int start, NextIndex closing, int limit) {
    int end = closing.from(start + 2);
    return !escaped(start) && end > start + 2 && end < limit && !escaped(end)
        ? Optional.of(new Span(start + 2, end, end + 2))
        : Optional.empty();
  }

  private Optional<Span> bracket(int start) {
    if (start + 1 >= text.length() || text.charAt(start + 1) != '[') {
      return Optional.empty();
    }
    int end = start + 2;
    while (end < text.length() && "[]\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end > start + 2
            && end + 1 < text.length()
            && text.charAt(end) == ']'
            && Character.isWhitespace(text.charAt(end + 1))
        ? Optional.of(new Span(start + 2, end, end + 2))
        : Optional.empty();
  }

  private Optional<Span> fraction(int start, boolean boxed) {
    return !boxed && lookingAt(FRACTION, start)
        ? Optional.of(new Span(start, matcher.end(), matcher.end()))
        : Optional.empty();
  }

  private boolean escaped(int position) {
    return position > 0 && text.charAt(position - 1) == '\\';
  }

  private boolean lookingAt(Pattern pattern, int from) {
    return from <= text.length()
        && matcher.usePattern(pattern).region(from, text.length()).lookingAt();
  }

  /** Where something stands next, remembered, so that asking ever further on stays linear. */
  private static final class NextIndex {
    private final String text;
    private final String wanted;
    private int asked;
    private int found = -1;

    NextIndex(String text, String wanted) {
      this.text = text;
      this.wanted = wanted;
    }

    /** The first place at {@code from} or behind it; the length of the text where there is none. */
    int from(int from) {
      if (from > found) {
        int index = text.indexOf(wanted, from);
        found = index < 0 ? text.length() : index;
        asked = from;
      } else if (from < asked) {
        int end = Math.min(asked + wanted.length() - 1, text.length());
        int index = from < end ? text.indexOf(wanted, from, end) : -1;
        found = index < 0 ? found : index;
        asked = from;
      }
      return found;
    }
  }
}
