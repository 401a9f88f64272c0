package dev.troupe.model.torch;

import java.util.concurrent.atomic.AtomicLong;

/** A value that only programs understand: it is kept here between two calls and handed back. */
public final class Opaque implements AutoCloseable {
  private final AtomicLong value;

  /** Takes over the address of a value. */
  Opaque(long value) {
    this.value = new AtomicLong(value);
  }

  long value() {
    long address = value.get();
    if (address == 0) {
      throw new IllegalStateException("value is closed");
    }
    return address;
  }

  /** Lets go of the value; its memory goes with the last hold on it. */
  @Override
  public void close() {
    long address = value.getAndSet(0);
    if (address != 0) {
      TorchValues.delete(address);
    }
  }
}
