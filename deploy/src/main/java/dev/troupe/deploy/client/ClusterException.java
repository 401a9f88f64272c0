package dev.troupe.deploy.client;

/** A cluster can't be asked, or refuses: one message for people. */
public final class ClusterException extends RuntimeException {
  /** What is the matter. */
  public enum Kind {
    /** Nobody answers, or no head. */
    UNREACHABLE,
    /** It is not what was expected, or not of this version. */
    STRANGER,
    /** The answer is no. */
    REFUSED
  }

  private final Kind kind;

  public ClusterException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
