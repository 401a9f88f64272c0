package dev.troupe.rollout.environment.python;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads whatever a program prints, however much, and keeps the end of it. */
final class LastWords {
  private static final int KEPT_BYTES = 4096;
  private static final int LINES_MAX = 12;
  private static final long END_MILLIS_MAX = 1000;

  private final byte[] kept = new byte[KEPT_BYTES];
  private long total;
  private @Nullable Thread listener;

  /** Listens until the end. */
  void listenTo(InputStream stream) {
    Thread thread = new Thread(() -> listen(stream), "python-output");
    thread.setDaemon(true);
    thread.start();
    listener = thread;
  }

  private void listen(InputStream stream) {
    byte[] part = new byte[1 << 16];
    try (stream) {
      for (int count = stream.read(part); count >= 0; count = stream.read(part)) {
        keep(part, count);
      }
    } catch (IOException _) {
      // The program was ended.
    }
  }

  private synchronized void keep(byte[] part, int count) {
    for (int i = Math.max(0, count - KEPT_BYTES); i < count; i++) {
      kept[(int) ((total + i) % KEPT_BYTES)] = part[i];
    }
    total += count;
  }

  /** The last lines of a program that has ended, for the end of a message. */
  String said() {
    Thread thread = listener;
    if (thread != null) {
      try {
        thread.join(END_MILLIS_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return soFar();
  }

  /** The last lines until now, for the end of a message. */
  synchronized String soFar() {
    int size = (int) Math.min(total, KEPT_BYTES);
    byte[] last = new byte[size];
    for (int i = 0; i < size; i++) {
      last[i] = kept[(int) ((total - size + i) % KEPT_BYTES)];
    }
    List<String> lines = new String(last, StandardCharsets.UTF_8).strip().lines().toList();
    if (lines.isEmpty()) {
      return "";
    }
    List<String> shown = lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size());
    return ". It said last:\n  " + String.join("\n  ", shown);
  }
}
