package dev.troupe.rollout.verify;

import java.util.Set;

/** A recipe names a verifier that doesn't exist; the message names the nearest that does. */
public final class UnknownVerifierException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final boolean isVersion;
  private final String expected;
  private final String hint;

  private UnknownVerifierException(
      String message, boolean isVersion, String expected, String hint) {
    super(message);
    this.isVersion = isVersion;
    this.expected = expected;
    this.hint = hint;
  }

  static UnknownVerifierException ofName(String name, Set<String> known, String nearest) {
    return new UnknownVerifierException(
        "verifier ["
            + name
            + "] doesn't exist, expected one of "
            + known
            + "; did you mean ["
            + nearest
            + "]?",
        false,
        "one of " + String.join(", ", known),
        "nearest: " + nearest);
  }

  static UnknownVerifierException ofVersion(String name, String known, String got) {
    return new UnknownVerifierException(
        "verifier [" + name + "] has version [" + known + "], got [" + got + "]",
        true,
        "version " + known + " of " + name,
        "");
  }

  /** Whether the name is right and the version isn't. */
  public boolean isVersion() {
    return isVersion;
  }

  /** What would have been right. */
  public String expected() {
    return expected;
  }

  /** What to do next; may be empty. */
  public String hint() {
    return hint;
  }
}
