package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.List;

/** A place among tokens, to which one can come back. */
final class Cursor {
  /** Brackets, functions and signs within each other. */
  static final int DEPTH_MAX = 120;

  private final List<Token> tokens;
  private final Work work;
  private int position;
  private int depth;

  Cursor(List<Token> tokens, Work work) {
    this.tokens = tokens;
    this.work = work;
  }

  Token token() {
    return tokens.get(position);
  }

  Kind kind() {
    return token().kind();
  }

  Kind kindAfter(int count) {
    return tokens.get(Math.min(position + count, tokens.size() - 1)).kind();
  }

  boolean at(Kind kind) {
    return kind() == kind;
  }

  Token take() {
    work.step();
    Token token = token();
    if (token.kind() != Kind.END) {
      position++;
    }
    return token;
  }

  /** Goes on where the next token is of {@code kind}. */
  boolean accept(Kind kind) {
    if (at(kind)) {
      take();
      return true;
    }
    return false;
  }

  void expect(Kind kind) throws UnreadableException {
    if (!accept(kind)) {
      throw unexpected(kind.toString());
    }
  }

  int position() {
    return position;
  }

  void back(int to) {
    position = to;
  }

  /** The written text of the tokens from {@code start} to here. */
  String written(int start) {
    StringBuilder text = new StringBuilder();
    tokens.subList(start, position).forEach(token -> text.append(token.text()));
    return text.toString();
  }

  void enter() throws UnreadableException {
    work.step();
    within(++depth);
  }

  /** Trees are walked by recursion, so their depth is bounded where they grow. */
  static void within(int depth) throws UnreadableException {
    if (depth > DEPTH_MAX) {
      throw new UnreadableException("nested deeper than [" + DEPTH_MAX + "]");
    }
  }

  void leave() {
    depth--;
  }

  UnreadableException unexpected(String expected) {
    return new UnreadableException(
        "expected "
            + expected
            + ", got ["
            + (at(Kind.END) ? "the end" : token().text())
            + "] at token ["
            + position
            + "]");
  }

  /**
   * Whether the bracket here holds a comma of its own, or no more than two tokens and its end: only
   * then can it hold a function's arguments.
   */
  boolean looksLikeArguments() {
    int open = 0;
    for (int i = position; i < tokens.size(); i++) {
      work.step();
      switch (tokens.get(i).kind()) {
        case LEFT_PAREN, LEFT_BRACKET, LEFT_BRACE, LEFT_SET -> open++;
        case RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE, RIGHT_SET -> {
          open--;
          if (open == 0) {
            return i - position <= 8;
          }
        }
        case COMMA -> {
          if (open == 1) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }
}
