package dev.troupe.protocol.journal;

import java.nio.ByteBuffer;

/**
 * What lies at an offset of a journal segment.
 *
 * <p>A record is <em>intact</em> if its header is whole, its length is allowed and matches its
 * checksum, its payload ends within the segment and matches its checksum. The first offset at which
 * no intact record begins is the segment's end ({@link End}), a {@link TornTail} if no intact
 * record begins anywhere behind it, and {@link Damage} otherwise.
 */
public sealed interface FrameRead {

  /** Where in the segment this is. */
  long offset();

  /**
   * An intact record.
   *
   * @param payload read-only, valid until the next call of the reader
   */
  record Frame(long offset, ByteBuffer payload) implements FrameRead {}

  /** The last record ends where the segment ends. */
  record End(long offset) implements FrameRead {}

  /**
   * The segment ends with bytes of a record that was never written whole. They may be cut off, if
   * nothing says that the segment was accepted beyond {@code offset}; a last record that decayed
   * after its sync looks the same, so whoever knows an accepted length must hold it against this.
   *
   * @param bytes from {@code offset} to the end
   * @param why for people
   */
  record TornTail(long offset, long bytes, String why) implements FrameRead {}

  /**
   * Bytes that make no record, though intact records follow.
   *
   * @param intactAt offset of the next intact record
   * @param why for people
   */
  record Damage(long offset, long intactAt, String why) implements FrameRead {}
}
