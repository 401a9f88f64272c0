package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Passage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds arithmetic and numbers in running text: behind the start, white space or an equal sign, in
 * bold or not, numbers also behind a sign of money. Linear in the length of the text.
 */
final class Arithmetic {
  private static final String OPERATORS = "+-*×/^()÷";
  private static final String MONEY = "$€£¥₹₽₪₩₫฿₡₢₣₤₥₦₧₨₭₮₯₰₱₲₳₴₵₶₷₸₺₻₼₾₿";
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:(-?[1-9][0-9]{0,2}(?:[ ,][0-9]{3}){1,30}+)(\\.[0-9]++)?|(-?[0-9]++)([.,][0-9]++)"
              + "|(\\.[0-9]++)|(-?[0-9]++))(\\s*+(?:%|[Pp]ercentage|[Pp]ercent|[Pp]ct))?");
  private static final Pattern START = Pattern.compile("-?\\(?-?[0-9]");
  private static final Pattern EQUAL_AHEAD = Pattern.compile("\\s*+=");

  private final String text;
  private final Matcher matcher;

  /** The run of digits, signs and spaces that was looked at last, and the best end in it. */
  private int runStart = -1;

  private int runEnd;
  private int bestEnd;
  private int lastOperator;

  Arithmetic(String text) {
    this.text = text;
    this.matcher = NUMBER.matcher(text);
  }

  List<Passage> all(boolean numbers) {
    List<Passage> passages = new ArrayList<>();
    int position = 0;
    while (position < text.length()) {
      Optional<Passage> passage = numbers ? number(position, false) : arithmetic(position, false);
      if (passage.isPresent()) {
        passages.add(passage.orElseThrow());
        position = passage.orElseThrow().end();
      } else {
        position++;
      }
    }
    return passages;
  }

  /** What begins at {@code start}, arithmetic before a number, with no equal sign behind it. */
  Optional<Passage> at(int start, boolean beforeNoEqualSign) {
    Optional<Passage> arithmetic = arithmetic(start, beforeNoEqualSign);
    return arithmetic.isPresent() ? arithmetic : number(start, beforeNoEqualSign);
  }

  private Optional<Passage> number(int start, boolean beforeNoEqualSign) {
    for (int from : starts(start)) {
      for (int skip = 1; skip >= 0; skip--) {
        int digits = from + skip;
        if (digits > text.length()
            || (skip == 1 && (from >= text.length() || MONEY.indexOf(text.charAt(from)) < 0))) {
          continue;
        }
        if (lookingAt(NUMBER, digits)) {
          String whole = first(matcher.group(1), matcher.group(3), matcher.group(6));
          String part = first(matcher.group(2), matcher.group(4), matcher.group(5));
          boolean percent = matcher.group(7) != null;
          int end = matcher.end();
          if (beforeNoEqualSign && lookingAt(EQUAL_AHEAD, end)) {
            // Without its last digit nothing of the equation is left behind the number.
            if (percent || (part.isEmpty() ? whole : part).length() < 2) {
              continue;
            }
            end--;
            whole = part.isEmpty() ? whole.substring(0, whole.length() - 1) : whole;
            part = part.isEmpty() ? part : part.substring(0, part.length() - 1);
          }
          return Optional.of(
              new Passage(
                  Passage.Kind.NUMBER,
                  start,
                  end,
                  List.of(new Piece(number(whole, part), percent, false))));
        }
      }
    }
    return Optional.empty();
  }

  private static String number(String whole, String part) {
    String digits = whole.replace(",", "").replace(" ", "").replaceFirst("^0+", "");
    return (digits.isEmpty() ? "0" : digits) + part.replace(',', '.');
  }

  private static String first(String... groups) {
    for (String group : groups) {
      if (group != null && !group.isEmpty()) {
        return group;
      }
    }
    return "";
  }

  private Optional<Passage> arithmetic(int start, boolean beforeNoEqualSign) {
    for (int from : starts(start)) {
      if (lookingAt(START, from)) {
        int firstDigit = matcher.end();
        run(firstDigit - 1);
        int end = bestEnd;
        if (end > firstDigit + 1 && lastOperator >= firstDigit) {
          int after = end + suffix(end);
          if (!beforeNoEqualSign || !lookingAt(EQUAL_AHEAD, after)) {
            return Optional.of(
                new Passage(
                    Passage.Kind.ARITHMETIC,
                    start,
                    after,
                    List.of(new Piece(text.substring(from, end), false, false))));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Where digits may begin: behind white space or an equal sign, and two asterisks. */
  private List<Integer> starts(int start) {
    List<Integer> starts = new ArrayList<>();
    if (start == 0) {
      afterAsterisks(0, starts);
    }
    if (start < text.length()
        && (Character.isWhitespace(text.charAt(start)) || text.charAt(start) == '=')) {
      afterAsterisks(start + 1, starts);
    }
    return starts;
  }

  private void afterAsterisks(int from, List<Integer> starts) {
    if (text.startsWith("**", from)) {
      starts.add(from + 2);
    }
    starts.add(from);
  }

  /** Sets the end of the run that {@code position} is in, and the last place where it may stop. */
  private void run(int position) {
    if (position >= runStart && position < runEnd && runStart >= 0) {
      return;
    }
    runStart = position;
    runEnd = position;
    while (runEnd < text.length() && isRun(text.charAt(runEnd))) {
      runEnd++;
    }
    bestEnd = runEnd;
    while (bestEnd > runStart && suffix(bestEnd) < 0) {
      bestEnd--;
    }
    lastOperator = bestEnd - 2;
    while (lastOperator >= runStart && OPERATORS.indexOf(text.charAt(lastOperator)) < 0) {
      lastOperator--;
    }
  }

  private static boolean isRun(char c) {
    return (c >= '0' && c <= '9')
        || c == '.'
        || Character.isWhitespace(c)
        || OPERATORS.indexOf(c) >= 0;
  }

  /** How long what may follow arithmetic is at {@code end}; −1 where something else follows. */
  private int suffix(int end) {
    int bold = text.startsWith("**", end) ? 2 : 0;
    for (int from = bold; from >= 0; from -= 2) {
      if (end + from == text.length()) {
        return from;
      }
      char next = text.charAt(end + from);
      if (".,:)$".indexOf(next) >= 0 || Character.isWhitespace(next)) {
        return from + 1;
      }
    }
    return -1;
  }

  private boolean lookingAt(Pattern pattern, int from) {
    return from <= text.length()
        && matcher.usePattern(pattern).region(from, text.length()).lookingAt();
  }
}
