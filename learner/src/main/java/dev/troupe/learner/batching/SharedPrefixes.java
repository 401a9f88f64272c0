package dev.troupe.learner.batching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every distinct prefix once, as {@code decoder_training.py} reads: tokens [N], their positions
 * [N], and for each {@link AttentionBlock} of B sequences keys [B, T], queries [B, A] and the
 * queries' places among the keys [B, A].
 *
 * <p>A group's prompt is read once for all its answers, as far as they share a micro-batch, and so
 * are answers that begin alike. Sequences that share nothing are read as they are, without padding
 * but for what rounds N up to one of few sizes.
 */
public final class SharedPrefixes implements Reading {
  private final PrefixTree tree;
  private final List<Integers> tensors = new ArrayList<>();

  /**
   * Lays out {@code sequences}.
   *
   * @param positionsMax tokens of a sequence that the network can read
   */
  public SharedPrefixes(List<TrainingSequence> sequences, int positionsMax) {
    Reading.longest(sequences, positionsMax);
    tree = new PrefixTree(sequences);
    // One more at least: what fills blocks up refers to a token that no sequence has.
    int size = Bucket.roundUp(tree.size() + 1);
    long[] tokens = new long[size];
    long[] positions = new long[size];
    for (int row = 0; row < sequences.size(); row++) {
      int[] path = tree.path(row);
      for (int t = tree.own(row); t < path.length; t++) {
        tokens[path[t]] = sequences.get(row).token(t);
        positions[path[t]] = t;
      }
    }
    tensors.add(new Integers(tokens, size));
    tensors.add(new Integers(positions, size));
    AttentionBlock.of(tree).forEach(this::add);
  }

  private void add(AttentionBlock block) {
    int rows = block.rows().size();
    long[] keys = new long[rows * block.keys()];
    long[] queries = new long[rows * block.queries()];
    long[] places = new long[rows * block.queries()];
    Arrays.fill(keys, tree.size());
    Arrays.fill(queries, tree.size());
    for (int b = 0; b < rows; b++) {
      int[] path = tree.path(block.rows().get(b));
      int own = tree.own(block.rows().get(b));
      for (int t = 0; t < path.length; t++) {
        keys[b * block.keys() + t] = path[t];
      }
      for (int t = own; t < path.length; t++) {
        queries[b * block.queries() + t - own] = path[t];
        places[b * block.queries() + t - own] = t;
      }
    }
    tensors.add(new Integers(keys, rows, block.keys()));
    tensors.add(new Integers(queries, rows, block.queries()));
    tensors.add(new Integers(places, rows, block.queries()));
  }

  /** Distinct tokens that are read, without what rounds their number up. */
  public int tokens() {
    return tree.size();
  }

  @Override
  public List<Integers> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public long index(int row, int position) {
    return tree.path(row)[position];
  }
}
