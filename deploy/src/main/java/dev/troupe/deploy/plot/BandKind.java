package dev.troupe.deploy.plot;

/** What the band around a line of several runs shows. */
public enum BandKind {
  /** 95% bootstrap interval of the interquartile mean. */
  INTERVAL("95% bootstrap interval"),
  /** From the least run to the greatest. */
  RANGE("least to greatest");

  /** With fewer runs an interval pretends too much. */
  private static final int RUNS_FOR_INTERVAL = 5;

  private final String words;

  BandKind(String words) {
    this.words = words;
  }

  /** What suits so many runs. */
  static BandKind suiting(int runs) {
    return runs < RUNS_FOR_INTERVAL ? RANGE : INTERVAL;
  }

  String words() {
    return words;
  }
}
