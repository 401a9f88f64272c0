package dev.troupe.actors.ledger;

/** The ledger's rules were broken: by a fault in this program, or by a journal that was altered. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LedgerException(String message) {
    super(message);
  }
}
