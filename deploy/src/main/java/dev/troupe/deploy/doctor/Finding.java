package dev.troupe.deploy.doctor;

/**
 * What was found about one thing.
 *
 * @param subject a word or two
 * @param found as it is
 * @param remedy what to do; empty where nothing needs doing
 */
public record Finding(Verdict verdict, String subject, String found, String remedy) {
  /** How bad it is. */
  public enum Verdict {
    GOOD,
    /** Works, but worse than it could. */
    MEDIOCRE,
    /** Training can't work. */
    BAD
  }

  static Finding good(String subject, String found) {
    return new Finding(Verdict.GOOD, subject, found, "");
  }

  static Finding mediocre(String subject, String found, String remedy) {
    return new Finding(Verdict.MEDIOCRE, subject, found, remedy);
  }

  static Finding bad(String subject, String found, String remedy) {
    return new Finding(Verdict.BAD, subject, found, remedy);
  }
}
