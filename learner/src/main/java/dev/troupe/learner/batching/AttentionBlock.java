package dev.troupe.learner.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sequences whose attention is computed together, in a rectangle as long as the longest of them: of
 * each the tokens that no sequence before has (queries) look at all of its tokens (keys).
 *
 * @param rows sequences
 * @param queries most that one of them has
 * @param keys likewise
 */
record AttentionBlock(List<Integer> rows, int queries, int keys) {
  /**
   * Query-key pairs of one head that take as long as a block's calls: about 30 in a layer, forwards
   * and backwards, of some microseconds each.
   */
  private static final long PAIRS_OF_A_BLOCK = 2_000;

  AttentionBlock {
    rows = List.copyOf(rows);
  }

  /**
   * Cuts the rows of a tree into blocks: another one where what the present one fills up costs more
   * than another one's calls. So attention never costs much more than that of the sequences one by
   * one, however their lengths differ. Rows that have no token of their own need none.
   */
  static List<AttentionBlock> of(PrefixTree tree) {
    List<Integer> rows = new ArrayList<>();
    for (int row : tree.order()) {
      if (queries(tree, row) > 0) {
        rows.add(row);
      }
    }
    rows.sort(
        Comparator.<Integer>comparingInt(row -> -queries(tree, row))
            .thenComparingInt(row -> -tree.path(row).length));
    List<AttentionBlock> blocks = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int queries = queries(tree, rows.get(from));
      int keys = 0;
      long pairs = 0;
      int to = from;
      while (to < rows.size()) {
        int row = rows.get(to);
        int longest = Math.max(keys, tree.path(row).length);
        pairs += (long) queries(tree, row) * tree.path(row).length;
        if ((long) queries * longest * (to + 1 - from) - pairs > PAIRS_OF_A_BLOCK) {
          break;
        }
        keys = longest;
        to++;
      }
      blocks.add(new AttentionBlock(rows.subList(from, to), queries, keys));
      from = to;
    }
    return blocks;
  }

  private static int queries(PrefixTree tree, int row) {
    return tree.path(row).length - tree.own(row);
  }
}
