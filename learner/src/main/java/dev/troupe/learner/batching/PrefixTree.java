package dev.troupe.learner.batching;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens that several sequences read, those of a common prefix once.
 *
 * <p>In the order of dictionaries, the longest prefix that a sequence shares with any before it is
 * the one that it shares with its neighbour.
 */
final class PrefixTree {
  private final int[][] paths;
  private final int[] own;
  private final int[] order;
  private int size;

  PrefixTree(List<TrainingSequence> sequences) {
    int[][] texts = sequences.stream().map(TrainingSequence::read).toArray(int[][]::new);
    order =
        IntStream.range(0, texts.length)
            .boxed()
            .sorted((a, b) -> Arrays.compare(texts[a], texts[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    paths = new int[texts.length][];
    own = new int[texts.length];
    int before = -1;
    for (int row : order) {
      paths[row] = new int[texts[row].length];
      if (before >= 0) {
        own[row] = common(texts[before], texts[row]);
        System.arraycopy(paths[before], 0, paths[row], 0, own[row]);
      }
      for (int t = own[row]; t < paths[row].length; t++) {
        paths[row][t] = size++;
      }
      before = row;
    }
  }

  private static int common(int[] one, int[] other) {
    int at = Arrays.mismatch(one, other);
    return at < 0 ? one.length : at;
  }

  /** Distinct tokens: those that differ in what precedes them count apart. */
  int size() {
    return size;
  }

  /** Rows in the order in which they came in. */
  int[] order() {
    return order;
  }

  /** Numbers of the tokens of a row, one for each position. */
  int[] path(int row) {
    return paths[row];
  }

  /** First position of a row that no row before it has. */
  int own(int row) {
    return own[row];
  }
}
