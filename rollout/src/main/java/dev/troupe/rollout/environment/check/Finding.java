package dev.troupe.rollout.environment.check;

/**
 * What was seen about a rule.
 *
 * @param found got and expected, and where; empty when good
 */
public record Finding(Rule rule, Verdict verdict, String found) {
  /** How bad it is. */
  public enum Verdict {
    GOOD,
    /** Works, but may not be meant. */
    NOTE,
    BAD,
    /** Not looked at, because of something worse. */
    SKIPPED
  }
}
