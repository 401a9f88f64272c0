package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.MathAnswer.Extraction;
import dev.troupe.rollout.verify.math.MathAnswer.PercentSign;
import dev.troupe.rollout.verify.math.Passage.Piece;
import dev.troupe.rollout.verify.math.Term.Finite;
import dev.troupe.rollout.verify.math.Term.Percent;
import dev.troupe.rollout.verify.math.Term.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the answer of a whole response: the first place that can be read, surest places first. */
final class Reader {
  /** Of a longer response the end is read. */
  static final int RESPONSE_MAX = 100_000;

  /** Longer mathematics isn't read. */
  static final int EXPRESSION_MAX = 4_000;

  /** Places of one response that are tried. */
  private static final int PLACES_MAX = 64;

  private final Extraction extraction;
  private final boolean readsPercent;
  private final Work work;
  private Optional<String> written = Optional.empty();
  private int tried;

  private Reader(Extraction extraction, PercentSign percent, Work work) {
    this.extraction = extraction;
    this.readsPercent = percent == PercentSign.HUNDREDTH;
    this.work = work;
  }

  static Reading read(String response, Extraction extraction, PercentSign percent, Work work) {
    String text =
        response.length() <= RESPONSE_MAX
            ? response
            : response.substring(response.length() - RESPONSE_MAX);
    return new Reader(extraction, percent, work).read(text);
  }

  private Reading read(String text) {
    AnswerFinder finder = new AnswerFinder(text, extraction == Extraction.ANYWHERE);
    switch (extraction) {
      case ANYWHERE -> {
        for (int rank = 0; rank < AnswerFinder.RANKS; rank++) {
          Optional<Term> term = firstReadable(finder.rank(rank));
          if (term.isPresent()) {
            return new Reading(term, written);
          }
        }
      }
      case ANNOUNCED -> {
        Optional<Term> boxed = firstReadable(finder.boxes());
        for (int rank = 0; boxed.isEmpty() && rank < AnswerFinder.RANKS - 1; rank++) {
          boxed = firstReadable(finder.rank(rank));
        }
        return new Reading(boxed, written);
      }
      case BOXED -> {
        return new Reading(firstReadable(finder.boxes()), written);
      }
    }
    return new Reading(Optional.empty(), written);
  }

  private Optional<Term> firstReadable(List<Passage> passages) {
    for (Passage passage : passages) {
      if (++tried > PLACES_MAX) {
        break;
      }
      Optional<Term> term =
          switch (passage.kind()) {
            case LATEX -> latex(passage);
            case NUMBER -> number(passage.pieces().getFirst());
            case ARITHMETIC -> arithmetic(passage.pieces().getFirst());
          };
      if (term.isPresent()) {
        return term;
      }
    }
    return Optional.empty();
  }

  /** One expression, or all of several as one set; the first where not all can be read. */
  private Optional<Term> latex(Passage passage) {
    List<Optional<Term>> terms = new ArrayList<>();
    List<String> normalized = new ArrayList<>();
    for (Piece piece : passage.pieces()) {
      String boxed = Boxes.contents(piece.text(), !piece.box());
      String text = boxed.length() > EXPRESSION_MAX ? "" : Normalizer.normalized(boxed);
      normalized.add(text);
      terms.add(parsed(text, piece.percent()));
    }
    if (terms.size() > 1 && terms.stream().allMatch(Optional::isPresent)) {
      remember(String.join(" and ", normalized));
      List<Term> elements = new ArrayList<>();
      for (Optional<Term> term : terms) {
        if (term.orElseThrow() instanceof Finite(var inner)) {
          elements.addAll(inner);
        } else {
          elements.add(term.orElseThrow());
        }
      }
      return Optional.of(new Finite(elements));
    }
    remember(normalized.getFirst());
    return terms.getFirst();
  }

  private Optional<Term> parsed(String latex, boolean percent) {
    if (latex.length() > EXPRESSION_MAX) {
      return Optional.empty();
    }
    try {
      Term term = AnswerParser.parse(latex, readsPercent, work);
      return percent
          ? term instanceof Scalar scalar ? Optional.of(new Percent(scalar)) : Optional.empty()
          : Optional.of(term);
    } catch (UnreadableException _) {
      return Optional.empty();
    }
  }

  private Optional<Term> number(Piece piece) {
    remember(piece.text());
    if (piece.text().length() > EXPRESSION_MAX) {
      return Optional.empty();
    }
    Scalar number = Operands.number(piece.text());
    return Optional.of(piece.percent() ? new Percent(number) : number);
  }

  private Optional<Term> arithmetic(Piece piece) {
    remember(piece.text());
    if (piece.text().length() > EXPRESSION_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(PlainParser.parse(piece.text(), work));
    } catch (UnreadableException _) {
      return Optional.empty();
    }
  }

  private void remember(String text) {
    if (written.isEmpty() && !text.isEmpty()) {
      written = Optional.of(text);
    }
  }
}
