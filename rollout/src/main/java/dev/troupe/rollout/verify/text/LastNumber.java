package dev.troupe.rollout.verify.text;

import java.util.Optional;

/**
 * The last number in a text, by the rule of open-instruct's GSM8K verifier: commas between digits
 * go, then the last match of {@code [-+]?\d*\.\d+|[-+]?\d+} counts. The sign glued to a number
 * belongs to it ({@code 5-3} gives {@code -3}), and digits of all scripts are digits.
 *
 * <p>A match consists of digits, commas, dots and signs only, and the last one ends at the text's
 * last digit: so only the run of such characters that holds that digit is looked at.
 */
final class LastNumber {
  private LastNumber() {}

  static Optional<String> in(String text) {
    int end = text.length();
    while (end > 0 && !isDigit(text, end - 1)) {
      end--;
    }
    if (end == 0) {
      return Optional.empty();
    }
    int start = end;
    while (start > 0 && isPart(text, start - 1)) {
      start--;
    }
    return Optional.of(last(withoutCommas(text.substring(start, end))));
  }

  /** Of a text that ends with a digit. */
  private static String last(String run) {
    int begin = 0;
    int at = 0;
    while (at < run.length()) {
      int match = match(run, at);
      if (match > at) {
        begin = at;
        at = match;
      } else {
        at++;
      }
    }
    return run.substring(begin);
  }

  /** End of the match that begins at {@code from}; {@code from} if none does. */
  private static int match(String run, int from) {
    int at = from;
    if (run.charAt(at) == '+' || run.charAt(at) == '-') {
      at++;
    }
    int whole = digits(run, at);
    if (whole < run.length() && run.charAt(whole) == '.') {
      int fraction = digits(run, whole + 1);
      if (fraction > whole + 1) {
        return fraction;
      }
    }
    return whole > at ? whole : from;
  }

  private static int digits(String run, int from) {
    int at = from;
    while (at < run.length() && isDigit(run, at)) {
      at++;
    }
    return at;
  }

  /** {@code re.sub(r"(\d),(\d)", r"\1\2", text)}: a digit is used for one comma only. */
  private static String withoutCommas(String run) {
    if (run.indexOf(',') < 0) {
      return run;
    }
    StringBuilder kept = new StringBuilder(run.length());
    int at = 0;
    while (at < run.length()) {
      boolean separates =
          at + 2 < run.length()
              && isDigit(run, at)
              && run.charAt(at + 1) == ','
              && isDigit(run, at + 2);
      if (separates) {
        kept.append(run.charAt(at)).append(run.charAt(at + 2));
        at += 3;
      } else {
        kept.append(run.charAt(at++));
      }
    }
    return kept.toString();
  }

  private static boolean isPart(String text, int at) {
    char c = text.charAt(at);
    return c == ',' || c == '.' || c == '-' || c == '+' || isDigit(text, at);
  }

  /** Digits beyond the basic plane are pairs of surrogates, of which none is a digit by itself. */
  private static boolean isDigit(String text, int at) {
    return PythonText.isDigit(text.charAt(at));
  }
}
