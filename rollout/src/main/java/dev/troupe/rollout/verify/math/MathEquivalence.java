package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.MathAnswer.Extraction;
import dev.troupe.rollout.verify.math.MathAnswer.Settings;
import dev.troupe.rollout.verify.math.Term.Constant;
import java.util.regex.Pattern;

/** Judges texts: reads the reference and the response, and compares what they say. */
public final class MathEquivalence {
  /** What was found out about a response. */
  public enum Verdict {
    EQUAL,
    /** Not shown to be equal: different, not readable, or beyond the bound on work. */
    DIFFERENT,
    /** A reference that isn't mathematics; only the same text is equal to it. */
    UNREADABLE_REFERENCE
  }

  /** Where a text says itself what in it is mathematics. */
  private static final Pattern MARKED = Pattern.compile("\\$|\\\\\\(|\\\\\\[|\\\\boxed|\\\\fbox");

  /** Prose: two words in a row without a command before them. */
  private static final Pattern PROSE =
      Pattern.compile("(?<![\\\\a-zA-Z{])[a-zA-Z]{2,}\\s+[a-zA-Z]{2,}");

  private final Settings settings;

  public MathEquivalence(Settings settings) {
    this.settings = settings;
  }

  /**
   * Whether the answer in {@code response} is {@code reference}, which is LaTeX, or a text that
   * marks what in it is LaTeX.
   */
  public Verdict judge(String reference, String response) {
    boolean bare = !MARKED.matcher(reference).find() && !PROSE.matcher(reference).find();
    Verdict verdict = judgeTexts(bare ? "$" + reference.strip() + "$" : reference, response);
    return bare && verdict == Verdict.UNREADABLE_REFERENCE
        ? judgeTexts(reference, response)
        : verdict;
  }

  /** The same, where both are texts that mark what in them is mathematics. */
  Verdict judgeTexts(String reference, String response) {
    Work work = new Work(settings.stepsMax());
    Reading wanted;
    try {
      wanted = Reader.read(reference, Extraction.ANYWHERE, settings.percent(), work);
    } catch (TooMuchWorkException e) {
      return Verdict.UNREADABLE_REFERENCE;
    }
    try {
      Reading given = Reader.read(response, settings.extraction(), settings.percent(), work);
      if (same(wanted, given, work)) {
        return Verdict.EQUAL;
      }
      return isReadable(wanted) ? Verdict.DIFFERENT : Verdict.UNREADABLE_REFERENCE;
    } catch (TooMuchWorkException | ArithmeticException e) {
      return Verdict.DIFFERENT;
    }
  }

  private boolean same(Reading wanted, Reading given, Work work) {
    if (wanted.written().isPresent()
        && !wanted.written().orElseThrow().isBlank()
        && wanted.written().map(String::strip).equals(given.written().map(String::strip))) {
      return true;
    }
    return isReadable(wanted)
        && given.term().isPresent()
        && new Equivalence(work)
            .equal(wanted.term().orElseThrow(), given.term().orElseThrow(), settings.strict());
  }

  /** Only the same text is equal to what isn't. */
  private static boolean isReadable(Reading reference) {
    return reference.term().filter(term -> term != Constant.UNDEFINED).isPresent();
  }
}
