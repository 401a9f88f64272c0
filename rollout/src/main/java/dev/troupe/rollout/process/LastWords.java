package dev.troupe.rollout.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The end of what a program prints, however much that is. One thread at a time. */
final class LastWords {
  private static final int KEPT_BYTES = 4096;
  private static final int LINES_MAX = 12;

  /** Read at a time: what a pipe holds. */
  private static final int PART_BYTES = 1 << 16;

  private final byte[] part = new byte[PART_BYTES];
  private final byte[] kept = new byte[KEPT_BYTES];
  private long total;
  private InputStream stream = InputStream.nullInputStream();

  /** What the program prints comes from here. */
  void of(InputStream output) {
    stream = output;
  }

  /** Whether something new was printed; doesn't wait for it. */
  boolean hear() {
    try {
      int count = stream.available() > 0 ? stream.read(part) : 0;
      for (int i = Math.max(0, count - KEPT_BYTES); i < count; i++) {
        kept[(int) ((total + i) % KEPT_BYTES)] = part[i];
      }
      total += Math.max(0, count);
      return count > 0;
    } catch (IOException _) {
      // It has ended.
      return false;
    }
  }

  /** The last lines until now, for the end of a message; empty where there are none. */
  String said() {
    for (int i = 0; i < 2 && hear(); i++) {
      // A pipe's content, and what a last write left behind it.
    }
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
