package dev.troupe.actors.control;

import java.util.ArrayDeque;

/** Returns and lengths of the last episodes that were trained on. */
final class RecentEpisodes {
  /** How many of them tell whether an environment counts as solved. */
  static final int WINDOW = 100;

  private record Episode(double sum, int length) {}

  private final ArrayDeque<Episode> episodes = new ArrayDeque<>();

  void add(double sum, int length) {
    episodes.addLast(new Episode(sum, length));
    if (episodes.size() > WINDOW) {
      episodes.removeFirst();
    }
  }

  boolean isEmpty() {
    return episodes.isEmpty();
  }

  /** Whether there are enough of them to tell. */
  boolean isFull() {
    return episodes.size() == WINDOW;
  }

  double meanReturn() {
    return episodes.stream().mapToDouble(Episode::sum).average().orElse(0);
  }

  double meanLength() {
    return episodes.stream().mapToDouble(Episode::length).average().orElse(0);
  }
}
