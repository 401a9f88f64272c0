package dev.troupe.rollout.verify.math;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of real numbers: pieces in order, none of which touches the next. Numbers that differ by
 * rounding only are the same.
 */
record RealSet(List<Piece> pieces) {
  /** Stands for ∞; what ends here is open. */
  static final BigDecimal INFINITY = new BigDecimal("1e1000000");

  private static final BigDecimal NEARLY = new BigDecimal("1e-40");

  static final RealSet ALL = of(List.of(new Piece(INFINITY.negate(), true, INFINITY, true)));

  /** From {@code start} to {@code end}; a point where both are the same and closed. */
  record Piece(BigDecimal start, boolean startOpen, BigDecimal end, boolean endOpen) {
    boolean isEmpty() {
      int order = order(start, end);
      return order > 0 || (order == 0 && (startOpen || endOpen));
    }

    boolean contains(BigDecimal x) {
      int fromStart = order(x, start);
      int fromEnd = order(x, end);
      return (fromStart > 0 || (fromStart == 0 && !startOpen))
          && (fromEnd < 0 || (fromEnd == 0 && !endOpen));
    }

    boolean isSame(Piece other) {
      return order(start, other.start) == 0
          && order(end, other.end) == 0
          && startOpen == other.startOpen
          && endOpen == other.endOpen;
    }
  }

  static RealSet of(List<Piece> pieces) {
    List<Piece> sorted = new ArrayList<>(pieces);
    sorted.removeIf(Piece::isEmpty);
    sorted.sort(Comparator.comparing(Piece::start).thenComparing(Piece::startOpen));
    List<Piece> merged = new ArrayList<>();
    for (Piece piece : sorted) {
      if (!merged.isEmpty() && touches(merged.getLast(), piece)) {
        merged.add(joined(merged.removeLast(), piece));
      } else {
        merged.add(piece);
      }
    }
    return new RealSet(List.copyOf(merged));
  }

  RealSet union(RealSet other) {
    List<Piece> both = new ArrayList<>(pieces);
    both.addAll(other.pieces);
    return of(both);
  }

  RealSet complement() {
    List<Piece> gaps = new ArrayList<>();
    BigDecimal start = INFINITY.negate();
    boolean open = true;
    for (Piece piece : pieces) {
      gaps.add(new Piece(start, open, piece.start, !piece.startOpen));
      start = piece.end;
      open = !piece.endOpen;
    }
    gaps.add(new Piece(start, open, INFINITY, true));
    return of(gaps);
  }

  RealSet intersection(RealSet other) {
    return complement().union(other.complement()).complement();
  }

  boolean isSame(RealSet other) {
    if (pieces.size() != other.pieces.size()) {
      return false;
    }
    for (int i = 0; i < pieces.size(); i++) {
      if (!pieces.get(i).isSame(other.pieces.get(i))) {
        return false;
      }
    }
    return true;
  }

  boolean contains(BigDecimal x) {
    return pieces.stream().anyMatch(piece -> piece.contains(x));
  }

  /** The ends that are numbers. */
  List<BigDecimal> ends() {
    List<BigDecimal> ends = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.start.abs().compareTo(INFINITY) < 0) {
        ends.add(piece.start);
      }
      if (piece.end.abs().compareTo(INFINITY) < 0) {
        ends.add(piece.end);
      }
    }
    return ends;
  }

  private static boolean touches(Piece left, Piece right) {
    int order = order(right.start, left.end);
    return order < 0 || (order == 0 && !(left.endOpen && right.startOpen));
  }

  private static Piece joined(Piece left, Piece right) {
    int order = order(left.end, right.end);
    if (order == 0) {
      return new Piece(left.start, left.startOpen, left.end, left.endOpen && right.endOpen);
    }
    Piece last = order > 0 ? left : right;
    boolean startOpen =
        left.startOpen && !(order(left.start, right.start) == 0 && !right.startOpen);
    return new Piece(left.start, startOpen, last.end, last.endOpen);
  }

  private static int order(BigDecimal a, BigDecimal b) {
    int order = a.compareTo(b);
    if (order == 0 || a.abs().compareTo(INFINITY) >= 0 || b.abs().compareTo(INFINITY) >= 0) {
      return order;
    }
    BigDecimal scale = a.abs().max(b.abs()).max(BigDecimal.ONE);
    return a.subtract(b).abs().compareTo(scale.multiply(NEARLY)) <= 0 ? 0 : order;
  }
}
