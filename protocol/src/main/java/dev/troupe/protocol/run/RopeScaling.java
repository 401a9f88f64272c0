package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * Llama 3's scaling of rotary frequencies, for sequences longer than those first trained on: slow
 * turns are slowed, quick ones are left as they are, and between the two it is mixed.
 *
 * @param factor by which slow turns are slowed; 1 = none are
 * @param lowFrequency turns within {@code positions} below which a frequency is slow
 * @param highFrequency turns above which it is quick
 * @param positions that the network was first trained on
 */
public record RopeScaling(double factor, double lowFrequency, double highFrequency, int positions) {
  /** Frequencies as they are. */
  public static final RopeScaling NONE = new RopeScaling(1, 1, 4, 8192);

  public RopeScaling {
    Check.that(factor >= 1 && Double.isFinite(factor), "factor", "1 (none) or above", factor);
    Check.positive("lowFrequency", lowFrequency);
    Check.that(
        highFrequency > lowFrequency && Double.isFinite(highFrequency),
        "highFrequency",
        "above lowFrequency = " + lowFrequency,
        highFrequency);
    Check.atLeast("positions", 1, positions);
  }
}
