package dev.troupe.protocol.codec;

/** Bytes or a message that don't make a record: where, what was expected, what came. */
public final class MalformedMessageException extends RuntimeException {
  private final String where;
  private final String expected;
  private final String got;

  MalformedMessageException(String where, String expected, String got) {
    super("malformed message at " + where + ": expected " + expected + ", got [" + got + "]");
    this.where = where;
    this.expected = expected;
    this.got = got;
  }

  MalformedMessageException(String where, String expected, String got, Throwable cause) {
    this(where, expected, got);
    initCause(cause);
  }

  /** Path of the field, for example {@code LedgerEvent.granted.lease.members}. */
  public String where() {
    return where;
  }

  /** What the schema or the record allows. */
  public String expected() {
    return expected;
  }

  /** What came. */
  public String got() {
    return got;
  }
}
