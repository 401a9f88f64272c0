package dev.troupe.protocol.check;

import java.time.Duration;

/** Guards of record components; each throws {@link InvalidValueException}. */
public final class Check {
  /** Durations beyond this are mistakes, and would not fit nanoseconds in 64 bits. */
  private static final Duration DURATION_MAX = Duration.ofDays(36_525);

  private Check() {}

  /** {@code value >= least}. */
  public static void atLeast(String component, long least, long value) {
    if (value < least) {
      throw new InvalidValueException(component, "at least " + least, Long.toString(value));
    }
  }

  /** {@code least <= value <= most}, which refuses NaN. */
  public static void within(String component, double least, double most, double value) {
    if (!(value >= least && value <= most)) {
      throw new InvalidValueException(
          component, "within " + least + " and " + most, Double.toString(value));
    }
  }

  /** Neither NaN nor infinite. */
  public static void finite(String component, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidValueException(component, "finite", Double.toString(value));
    }
  }

  /** Finite and at least 0. */
  public static void notNegative(String component, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new InvalidValueException(component, "finite and at least 0", Double.toString(value));
    }
  }

  /** Finite and above 0. */
  public static void positive(String component, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new InvalidValueException(component, "finite and above 0", Double.toString(value));
    }
  }

  /** From 0 to a century. */
  public static void notNegative(String component, Duration value) {
    if (value.isNegative() || value.compareTo(DURATION_MAX) > 0) {
      throw new InvalidValueException(component, "from 0 to a century", value.toString());
    }
  }

  /** Above 0, up to a century. */
  public static void positive(String component, Duration value) {
    if (!value.isPositive() || value.compareTo(DURATION_MAX) > 0) {
      throw new InvalidValueException(component, "above 0, up to a century", value.toString());
    }
  }

  /** Has characters other than white space. */
  public static void notBlank(String component, String value) {
    if (value.isBlank()) {
      throw new InvalidValueException(component, "a text that is not blank", value);
    }
  }

  /** Anything else that must hold. */
  public static void that(boolean holds, String component, String expected, Object got) {
    if (!holds) {
      throw new InvalidValueException(component, expected, got.toString());
    }
  }
}
