package dev.troupe.protocol.journal;

import dev.troupe.protocol.check.Check;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a journal segment one after the other. Memory is bounded by the largest
 * record and is taken only after the checksum of its length agreed. Not thread-safe.
 */
public final class FrameReader {
  private static final int WINDOW_BYTES = 1 << 20;

  private final FileChannel channel;
  private final long end;

  /** Bytes of the file from {@code windowAt} on, between 0 and the limit. */
  private ByteBuffer window = Frames.littleEndian(ByteBuffer.allocate(WINDOW_BYTES)).limit(0);

  private long windowAt;
  private long offset;

  /** Reads from {@code from} to the end of the file. The channel stays the caller's. */
  public FrameReader(FileChannel channel, long from) throws IOException {
    this(channel, from, channel.size());
  }

  /**
   * Reads from {@code from} to {@code end}, for example the length at which a segment was sealed:
   * what lies behind it does not exist.
   */
  public FrameReader(FileChannel channel, long from, long end) throws IOException {
    Check.atLeast("from", 0, from);
    Check.atLeast("end", from, end);
    Check.that(end <= channel.size(), "end", "at most the file's size of " + channel.size(), end);
    this.channel = channel;
    this.end = end;
    this.windowAt = from;
    this.offset = from;
  }

  /** Where the next call reads. */
  public long offset() {
    return offset;
  }

  /**
   * The next record, or why there is none. After {@link FrameRead.Frame} the reader stands behind
   * that record; otherwise it stays where it is.
   */
  public FrameRead next() throws IOException {
    if (offset == end) {
      return new FrameRead.End(offset);
    }
    String flaw = flaw(offset);
    if (flaw != null) {
      long intactAt = intactBehind(offset);
      return intactAt < 0
          ? new FrameRead.TornTail(offset, end - offset, flaw)
          : new FrameRead.Damage(offset, intactAt, flaw);
    }
    int at = load(offset, Frames.HEADER_BYTES);
    int length = window.getInt(at);
    ByteBuffer payload = window.slice(at + Frames.HEADER_BYTES, length).asReadOnlyBuffer();
    var frame = new FrameRead.Frame(offset, payload);
    offset += Frames.frameBytes(length);
    return frame;
  }

  /** Why no intact record begins at {@code position}; null if one does, and the window holds it. */
  private @Nullable String flaw(long position) throws IOException {
    long left = end - position;
    if (left < Frames.HEADER_BYTES) {
      return "a header takes [" + Frames.HEADER_BYTES + "] bytes, [" + left + "] are there";
    }
    int at = load(position, Frames.HEADER_BYTES);
    int length = window.getInt(at);
    if (!Frames.isHeader(window, at)) {
      return "length [" + length + "] is not allowed or disagrees with its checksum";
    }
    if (Frames.frameBytes(length) > left) {
      return "a record takes [" + Frames.frameBytes(length) + "] bytes, [" + left + "] are there";
    }
    at = load(position, Frames.frameBytes(length));
    ByteBuffer payload = window.slice(at + Frames.HEADER_BYTES, length);
    return Frames.payloadSum(payload) == Frames.payloadSum(window, at)
        ? null
        : "payload of [" + length + "] bytes disagrees with its checksum";
  }

  private long intactBehind(long position) throws IOException {
    for (long next = position + 1; next <= end - Frames.HEADER_BYTES; next++) {
      if (Frames.isHeader(window, load(next, Frames.HEADER_BYTES)) && flaw(next) == null) {
        return next;
      }
    }
    return -1;
  }

  /** Makes the window hold {@code bytes} bytes from {@code position} on; says at which index. */
  private int load(long position, int bytes) throws IOException {
    if (position < windowAt || position + bytes > windowAt + window.limit()) {
      if (bytes > window.capacity()) {
        window = Frames.littleEndian(ByteBuffer.allocate(bytes));
      }
      window.clear().limit((int) Math.min(window.capacity(), end - position));
      windowAt = position;
      while (window.hasRemaining()) {
        if (channel.read(window, position + window.position()) < 0) {
          throw new EOFException(
              "segment became shorter than ["
                  + end
                  + "] bytes while it was read, got ["
                  + channel.size()
                  + "]");
        }
      }
    }
    return (int) (position - windowAt);
  }
}
