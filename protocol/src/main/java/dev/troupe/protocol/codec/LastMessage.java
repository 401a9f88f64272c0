package dev.troupe.protocol.codec;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the message that was made last, with its size in bytes: of what lies side by side in a
 * journal or a batch, most names the same version, verifier and lease. On any thread; a race makes
 * a message twice.
 */
final class LastMessage<R, M> {
  private record Made<R, M>(R record, M message) {}

  private final Function<R, M> make;
  private volatile @Nullable Made<R, M> last;

  LastMessage(Function<R, M> make) {
    this.make = make;
  }

  M of(R record) {
    Made<R, M> known = last;
    if (known != null && known.record().equals(record)) {
      return known.message();
    }
    M message = make.apply(record);
    last = new Made<>(record, message);
    return message;
  }
}
