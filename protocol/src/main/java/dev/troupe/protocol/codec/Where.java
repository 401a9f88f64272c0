package dev.troupe.protocol.codec;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.check.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The path of a message inside the outermost one, and the refusals that name it. Strings are made
 * only when something is refused.
 */
final class Where {
  private static final int NOT_REPEATED = -1;

  private final @Nullable Where parent;
  private final String field;
  private final int index;

  private Where(@Nullable Where parent, String field, int index) {
    this.parent = parent;
    this.field = field;
    this.index = index;
  }

  static Where root(String record) {
    return new Where(null, record, NOT_REPEATED);
  }

  Where in(String subMessage) {
    return new Where(this, subMessage, NOT_REPEATED);
  }

  private Where in(String subMessages, int at) {
    return new Where(this, subMessages, at);
  }

  /** The sub-message {@code name} has to be there. */
  Where required(String name, boolean present) {
    Where inside = in(name);
    if (!present) {
      throw inside.refuse("a message", "nothing");
    }
    return inside;
  }

  /** Every element through {@code decode}, with its index in the path. */
  <M, R> List<R> each(String name, List<M> messages, BiFunction<M, Where, R> decode) {
    var records = new ArrayList<R>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      records.add(decode.apply(messages.get(i), in(name, i)));
    }
    return records;
  }

  /** A record from decoded components; what its constructor refuses is refused here. */
  <R> R make(Supplier<R> constructor) {
    try {
      return constructor.get();
    } catch (InvalidValueException refused) {
      throw new MalformedMessageException(
          this + "." + refused.component(), refused.expected(), refused.got(), refused);
    }
  }

  Duration nanos(String name, long nanos) {
    if (nanos < 0) {
      throw in(name).refuse("nanoseconds of at least 0", Long.toString(nanos));
    }
    return Duration.ofNanos(nanos);
  }

  double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw in(name).refuse("a finite number", Double.toString(value));
    }
    return value;
  }

  /** {@code bytes} if they are whole elements of {@code elementBytes}. */
  ByteString whole(String name, ByteString bytes, int elementBytes) {
    if (bytes.size() % elementBytes != 0) {
      throw in(name)
          .refuse("a multiple of " + elementBytes + " bytes", Integer.toString(bytes.size()));
    }
    return bytes;
  }

  MalformedMessageException refuse(String expected, String got) {
    return new MalformedMessageException(toString(), expected, got);
  }

  @Override
  public String toString() {
    String own = index == NOT_REPEATED ? field : field + "[" + index + "]";
    return parent == null ? own : parent + "." + own;
  }
}
