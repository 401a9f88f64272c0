package dev.troupe.protocol.check;

/** A component of a record has a value that the record doesn't allow. */
public final class InvalidValueException extends IllegalArgumentException {
  private final String component;
  private final String expected;
  private final String got;

  public InvalidValueException(String component, String expected, String got) {
    super("[" + component + "] must be " + expected + ", got [" + got + "]");
    this.component = component;
    this.expected = expected;
    this.got = got;
  }

  /** Name of the record's component. */
  public String component() {
    return component;
  }

  /** What would have been allowed. */
  public String expected() {
    return expected;
  }

  /** What came. */
  public String got() {
    return got;
  }
}
