package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts LaTeX into tokens: always the longest piece that means something. White space doesn't. */
final class Lexer {
  private static final Pattern NUMBER = Pattern.compile("[0-9]*\\.[0-9]+|[0-9]+");
  private static final Pattern EXPONENT = Pattern.compile("E[+\\-−]?[0-9]+");
  private static final Pattern PERCENT = Pattern.compile("\\s?\\\\?%");
  private static final Pattern ACCENT = Pattern.compile("\\\\([a-z]+)\\s?\\{([^}]*)}");
  private static final Pattern DIFFERENTIAL = Pattern.compile("d\\s*([a-zA-Z]|\\\\[a-zA-Z]+)");
  private static final Pattern ARRAY = Pattern.compile("\\\\begin\\{array}\\{[clr]*}");

  private final String text;
  private final boolean readsPercent;
  private final Matcher matcher;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private Lexer(String text, boolean readsPercent) {
    this.text = text;
    this.readsPercent = readsPercent;
    this.matcher = NUMBER.matcher(text);
  }

  /** The tokens of {@code text}, ended by {@link Kind#END}. */
  static List<Token> tokens(String text, boolean readsPercent, Work work)
      throws UnreadableException {
    Lexer lexer = new Lexer(text, readsPercent);
    while (lexer.position < text.length()) {
      work.step();
      lexer.next();
    }
    lexer.tokens.add(new Token(Kind.END, ""));
    return lexer.tokens;
  }

  private void next() throws UnreadableException {
    char first = text.charAt(position);
    if (first == ' ' || first == '\t' || first == '\r' || first == '\n') {
      position++;
    } else if ((first >= '0' && first <= '9') || first == '.') {
      number();
    } else if (first == '\\' && at(ARRAY)) {
      take(Kind.MATRIX_START, matcher.end() - position);
    } else {
      known(first);
    }
  }

  private void number() throws UnreadableException {
    if (!at(NUMBER)) {
      throw unreadable();
    }
    int end = matcher.end();
    if (at(EXPONENT, end)) {
      take(Kind.SCIENTIFIC, matcher.end() - position);
    } else if (readsPercent && at(PERCENT, end)) {
      tokens.add(new Token(Kind.PERCENTAGE, text.substring(position, end)));
      position = matcher.end();
    } else {
      take(Kind.NUMBER, end - position);
    }
  }

  private void known(char first) throws UnreadableException {
    int length = Vocabulary.longest(text, position);
    if (first == '\\'
        && at(ACCENT)
        && Vocabulary.ACCENTS.contains(matcher.group(1))
        && matcher.end() - position > length) {
      tokens.add(new Token(Kind.ACCENT, matcher.group(1), matcher.group(2)));
      position = matcher.end();
    } else if (first == 'd' && at(DIFFERENTIAL) && matcher.end() - position > length) {
      take(Kind.DIFFERENTIAL, matcher.end() - position);
    } else if (length > 0) {
      take(Vocabulary.kind(text.substring(position, position + length)), length);
    } else if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) {
      take(Kind.LETTER, 1);
    } else {
      throw unreadable();
    }
  }

  private void take(Kind kind, int length) {
    if (kind != Kind.SKIPPED) {
      tokens.add(new Token(kind, text.substring(position, position + length)));
    }
    position += length;
  }

  private boolean at(Pattern pattern) {
    return at(pattern, position);
  }

  private boolean at(Pattern pattern, int from) {
    return matcher.usePattern(pattern).region(from, text.length()).lookingAt();
  }

  private UnreadableException unreadable() {
    String rest = text.substring(position, Math.min(text.length(), position + 12));
    return new UnreadableException("[" + rest + "] at [" + position + "] isn't known");
  }
}
