package dev.troupe.rollout.verify;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A timer whose time passes when a test says so. */
final class ManualTimer implements Timer {
  private record Entry(Duration delay, Runnable action) {}

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  @Override
  public Runnable after(Duration delay, Runnable action) {
    Entry entry = new Entry(delay, action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** Runs everything that was to run after exactly {@code delay}. */
  void pass(Duration delay) {
    List<Entry> due = entries.stream().filter(entry -> entry.delay().equals(delay)).toList();
    due.stream().filter(entries::remove).forEach(entry -> entry.action().run());
  }

  int pending() {
    return entries.size();
  }
}
