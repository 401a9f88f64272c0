package dev.troupe.rollout.verify.math;

import java.util.List;

/**
 * A place in a text that may hold the answer.
 *
 * @param end where it ends, what has to follow it included
 */
record Passage(Kind kind, int start, int end, List<Piece> pieces) {
  Passage {
    pieces = List.copyOf(pieces);
  }

  enum Kind {
    LATEX,
    NUMBER,
    ARITHMETIC
  }

  /**
   * One expression of the passage.
   *
   * @param percent whether a percent sign or word follows it
   * @param box whether it is a {@code \boxed} outside of dollars and brackets, up to the last brace
   */
  record Piece(String text, boolean percent, boolean box) {}
}
