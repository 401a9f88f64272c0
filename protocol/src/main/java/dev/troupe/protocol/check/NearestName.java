package dev.troupe.protocol.check;

import java.util.Collection;
import java.util.Comparator;

/** The name that a mistyped one most likely means. */
public final class NearestName {
  private NearestName() {}

  /**
   * The nearest of {@code names}, of which there must be one, by edit distance. Dotted names are
   * near each other when their last parts are, too: a known key in the wrong section is found.
   */
  public static String of(String typed, Collection<String> names) {
    return names.stream()
        .min(Comparator.<String>comparingInt(name -> distance(typed, name)).thenComparing(n -> n))
        .orElseThrow();
  }

  private static int distance(String typed, String name) {
    int whole = edits(typed, name);
    int last = 2 * edits(lastPart(typed), lastPart(name)) + 1;
    return Math.min(whole, last);
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
