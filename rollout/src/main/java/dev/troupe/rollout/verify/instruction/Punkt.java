package dev.troupe.rollout.verify.instruction;

import dev.troupe.rollout.verify.text.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where sentences end, by the rules of Punkt (Kiss and Strunk, 2006) as NLTK applies them to
 * English.
 *
 * <p>A full stop, question or exclamation mark may end a sentence where white space and another
 * token, or other punctuation, follows it. A token that ends with a full stop ends a sentence
 * unless it is an abbreviation; after an abbreviation or an ellipsis, one ends where the next token
 * is a capitalised word that often begins sentences; after an initial none ends before a name, and
 * after an initial or a number none before a small letter. Closing quotation marks and brackets
 * belong to the sentence before them.
 *
 * <p>NLTK learns from newspapers which words are abbreviations, which usually have a small letter,
 * and which begin sentences; {@link PunktWords} has lists instead, so rare abbreviations and names
 * may be judged otherwise.
 */
final class Punkt {
  private static final String NON_WORD = "[)\";}\\]*:@'({\\[?!]";
  private static final String MULTI = "(?:-{2,}|\\.{2,}|(?:\\.\\s){2,}\\.)";

  private static final Pattern POTENTIAL_END =
      compiled("[.?!](?=(?<after>" + NON_WORD + "|\\s+(?<next>\\S+)))");
  private static final Pattern WORD =
      compiled(
          MULTI
              + "|(?=[^(\"`{\\[:;&#*@)}\\],-])\\S+?(?=\\s|$|"
              + NON_WORD
              + "|"
              + MULTI
              + "|,(?=$|\\s|"
              + NON_WORD
              + "|"
              + MULTI
              + "))|\\S");
  private static final Pattern CLOSING = compiled("[\"')\\]}]+?(?:\\s+|(?=--)|$)");
  private static final Pattern ELLIPSIS = compiled("\\.\\.+");
  private static final Pattern INITIAL = compiled("[^\\W\\d]\\.");
  private static final Pattern NUMBER = compiled("-?[.,]?\\d[\\d,.-]*\\.?");

  private Punkt() {}

  private static Pattern compiled(String expression) {
    return Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** A part of the text. */
  private record Span(int start, int end) {}

  static int count(String text) {
    return sentences(text).size();
  }

  static List<String> sentences(String text) {
    List<Span> spans = spans(text);
    List<String> sentences = new ArrayList<>();
    int realigned = 0;
    for (int i = 0; i < spans.size(); i++) {
      int start = Math.min(spans.get(i).start() + realigned, spans.get(i).end());
      int end = spans.get(i).end();
      realigned = 0;
      if (i + 1 < spans.size()) {
        Span next = spans.get(i + 1);
        Matcher closing = CLOSING.matcher(text).region(next.start(), next.end());
        if (closing.lookingAt()) {
          realigned = closing.end() - next.start();
          end = next.start() + closing.group().stripTrailing().length();
        }
      }
      if (start < end) {
        sentences.add(text.substring(start, end));
      }
    }
    return sentences;
  }

  private static List<Span> spans(String text) {
    List<Span> spans = new ArrayList<>();
    int lastBreak = 0;
    Span word = new Span(0, 0);
    Ending ending = null;
    Matcher matcher = POTENTIAL_END.matcher(text);
    while (matcher.find()) {
      int start = wordStart(text, word, matcher.start());
      if (ending != null && word.end() <= start && ending.isBreak(text, word)) {
        spans.add(new Span(lastBreak, ending.end()));
        lastBreak = ending.next();
      }
      ending = Ending.of(matcher);
      word = new Span(start, matcher.start());
    }
    if (ending != null && ending.isBreak(text, word)) {
      spans.add(new Span(lastBreak, ending.end()));
      lastBreak = ending.next();
    }
    spans.add(new Span(lastBreak, Math.max(lastBreak, text.stripTrailing().length())));
    return spans;
  }

  /** Behind the last white space between the word before and {@code end}. */
  private static int wordStart(String text, Span before, int end) {
    for (int at = end - 1; at > before.end(); at--) {
      if (PythonText.isSpace(text.charAt(at))) {
        return at + 1;
      }
    }
    return before.start();
  }

  /**
   * A mark that may end a sentence.
   *
   * @param end behind it
   * @param next where the next sentence would begin
   */
  private record Ending(String mark, String after, int end, int next) {
    static Ending of(Matcher matcher) {
      int next = matcher.start("next") < 0 ? matcher.end() : matcher.start("next");
      return new Ending(matcher.group(), matcher.group("after"), matcher.end(), next);
    }

    /** Whether some token but the last of the word, the mark and what follows ends a sentence. */
    boolean isBreak(String text, Span word) {
      List<String> tokens = tokens(text.substring(word.start(), word.end()) + mark + after);
      for (int i = 0; i + 1 < tokens.size(); i++) {
        if (endsSentence(tokens.get(i), tokens.get(i + 1))) {
          return true;
        }
      }
      return false;
    }
  }

  private static List<String> tokens(String text) {
    return text.lines().flatMap(line -> WORD.matcher(line).results()).map(r -> r.group()).toList();
  }

  private static boolean endsSentence(String token, String next) {
    if (token.equals(".") || token.equals("?") || token.equals("!")) {
      return true;
    }
    if (!token.endsWith(".")) {
      return false;
    }
    boolean isEllipsis = ELLIPSIS.matcher(token).matches();
    String word = token.substring(0, token.length() - 1).toLowerCase(Locale.ROOT);
    boolean isAbbreviation =
        !isEllipsis
            && !token.endsWith("..")
            && (PunktWords.isAbbreviation(word)
                || PunktWords.isAbbreviation(word.substring(word.lastIndexOf('-') + 1)));
    boolean ends = !isEllipsis && !token.endsWith("..") && !isAbbreviation;
    boolean isInitial = INITIAL.matcher(token).matches();
    String nextWord = type(next);
    boolean isUpper = Character.isUpperCase(next.codePointAt(0));
    if ((isAbbreviation || isEllipsis) && !isInitial) {
      return isUpper && PunktWords.isStarter(nextWord);
    }
    if (isInitial || NUMBER.matcher(token).matches()) {
      boolean staysSmall = Character.isLowerCase(next.codePointAt(0)) || ";:,.!?".contains(next);
      boolean isName = isInitial && isUpper && !PunktWords.isUsuallySmall(nextWord);
      return ends && !staysSmall && !isName;
    }
    return ends;
  }

  /** In small letters, without a full stop at its end. */
  private static String type(String token) {
    String lower = token.toLowerCase(Locale.ROOT);
    return lower.length() > 1 && lower.endsWith(".")
        ? lower.substring(0, lower.length() - 1)
        : lower;
  }
}
