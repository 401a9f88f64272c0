package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;

/** Reads arithmetic as typed: digits, + - * / ^ or ** and brackets. Powers bind to the right. */
final class PlainParser {
  private final String text;
  private final Work work;
  private int position;
  private int depth;

  private PlainParser(String text, Work work) {
    this.text = text;
    this.work = work;
  }

  static Scalar parse(String text, Work work) throws UnreadableException {
    PlainParser parser = new PlainParser(text, work);
    Scalar result = parser.sum();
    if (parser.peek() != 0) {
      throw parser.unreadable();
    }
    return result;
  }

  private Scalar sum() throws UnreadableException {
    Scalar left = product();
    while (peek() == '+' || peek() == '-') {
      boolean minus = next() == '-';
      Scalar right = product();
      left = minus ? Terms.difference(left, right) : Terms.sum(left, right);
    }
    return left;
  }

  private Scalar product() throws UnreadableException {
    Scalar left = signed();
    int nested = 0;
    while ((peek() == '*' && !text.startsWith("**", position)) || peek() == '/') {
      boolean divided = next() == '/';
      Cursor.within(divided ? ++nested : nested);
      Scalar right = signed();
      left = divided ? Terms.quotient(left, right) : Terms.product(left, right);
    }
    return left;
  }

  private Scalar signed() throws UnreadableException {
    work.step();
    Cursor.within(++depth);
    Scalar result;
    if (peek() == '-') {
      next();
      result = Terms.negated(signed());
    } else if (peek() == '+') {
      next();
      result = signed();
    } else {
      result = power();
    }
    depth--;
    return result;
  }

  private Scalar power() throws UnreadableException {
    Scalar base = operand();
    if (peek() == '^') {
      next();
      return new Power(base, signed());
    }
    if (peek() == '*' && text.startsWith("**", position)) {
      position += 2;
      return new Power(base, signed());
    }
    return base;
  }

  private Scalar operand() throws UnreadableException {
    if (peek() == '(') {
      next();
      Scalar inner = sum();
      if (peek() != ')') {
        throw unreadable();
      }
      next();
      return inner;
    }
    int start = position;
    while (position < text.length() && isNumber(text.charAt(position))) {
      position++;
    }
    String digits = text.substring(start, position);
    if (!digits.matches("\\d+\\.?\\d*|\\.\\d+") || digits.matches("0+[1-9]\\d*")) {
      throw unreadable();
    }
    return Operands.number(digits.endsWith(".") ? digits + "0" : digits);
  }

  private static boolean isNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  /** The next character that isn't white space, or 0 at the end. */
  private char peek() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position < text.length() ? text.charAt(position) : 0;
  }

  private char next() {
    return text.charAt(position++);
  }

  private UnreadableException unreadable() {
    return new UnreadableException("[" + text + "] isn't arithmetic at [" + position + "]");
  }
}
