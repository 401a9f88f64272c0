package dev.troupe.deploy.bench;

/** Somebody else's program can't be measured here. */
public final class PeerException extends Exception {
  private static final long serialVersionUID = 1;

  private final String why;

  PeerException(String why) {
    super(why);
    this.why = why;
  }

  /** For people. */
  public String why() {
    return why;
  }
}
