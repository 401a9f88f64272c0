package dev.troupe.learner.batching;

import java.util.List;

/**
 * Every sequence for itself, as networks usually read: one rectangle [B, T], padded on the right
 * with zeros, which nothing attends to.
 */
public final class PlainRows implements Reading {
  private final int columns;
  private final List<Integers> tensors;

  /**
   * Lays out {@code sequences}.
   *
   * @param positionsMax tokens that the network can read; rounding stops there
   */
  public PlainRows(List<TrainingSequence> sequences, int positionsMax) {
    columns = Math.min(positionsMax, Bucket.roundUp(Reading.longest(sequences, positionsMax)));
    long[] tokens = new long[sequences.size() * columns];
    for (int row = 0; row < sequences.size(); row++) {
      TrainingSequence sequence = sequences.get(row);
      for (int t = 0; t < sequence.inputs(); t++) {
        tokens[row * columns + t] = sequence.token(t);
      }
    }
    tensors = List.of(new Integers(tokens, sequences.size(), columns));
  }

  @Override
  public List<Integers> tensors() {
    return tensors;
  }

  @Override
  public long index(int row, int position) {
    return (long) row * columns + position;
  }
}
