package dev.troupe.learner.batching;

import java.util.List;

/** How a program gets the tokens of a micro-batch's sequences. */
public sealed interface Reading permits PlainRows, SharedPrefixes {
  /** What the program's argument {@code read} holds, in its order. */
  List<Integers> tensors();

  /** Which of the tokens that are read is the one at {@code position} of sequence {@code row}. */
  long index(int row, int position);

  /** Integers of some shape, row-major. */
  final class Integers {
    private final long[] values;
    private final long[] shape;

    Integers(long[] values, long... shape) {
      this.values = values;
      this.shape = shape;
    }

    public long[] values() {
      return values.clone();
    }

    public long[] shape() {
      return shape.clone();
    }
  }

  /** The most tokens that are read of one of the sequences, if the model can read as many. */
  static int longest(List<TrainingSequence> sequences, int positionsMax) {
    int longest = sequences.stream().mapToInt(TrainingSequence::inputs).max().orElse(0);
    if (longest > positionsMax) {
      throw new IllegalArgumentException(
          "a sequence has ["
              + longest
              + "] tokens to read, the model has ["
              + positionsMax
              + "] positions: raise model.positions or shorten the answers");
    }
    return longest;
  }
}
