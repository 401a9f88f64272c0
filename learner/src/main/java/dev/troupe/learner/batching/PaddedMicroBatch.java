package dev.troupe.learner.batching;

import java.util.List;

/**
 * B sequences as rectangles. The network reads [B, T] tokens, padded on the right; only the places
 * that predict a trained token are scored, packed to the left as [B, A].
 */
public final class PaddedMicroBatch {
  private final List<TrainingSequence> sequences;
  private final int[][] places;
  private final int inputs;
  private final int answers;

  /**
   * Pads {@code sequences} to the longest of them.
   *
   * @param positionsMax tokens that the network can read; rounding stops there
   */
  public PaddedMicroBatch(List<TrainingSequence> sequences, int positionsMax) {
    this.sequences = List.copyOf(sequences);
    int longest = 0;
    int most = 0;
    for (TrainingSequence sequence : sequences) {
      longest = Math.max(longest, sequence.inputs());
      most = Math.max(most, sequence.trainedTokens());
    }
    if (longest > positionsMax) {
      throw new IllegalArgumentException(
          "a sequence has ["
              + longest
              + "] tokens to read, the model has ["
              + positionsMax
              + "] positions: raise model.positions or shorten the answers");
    }
    this.inputs = Math.min(positionsMax, Bucket.roundUp(longest));
    this.answers = most;
    this.places = new int[sequences.size()][];
    for (int b = 0; b < places.length; b++) {
      places[b] = trainedPlaces(sequences.get(b));
    }
  }

  private static int[] trainedPlaces(TrainingSequence sequence) {
    int[] places = new int[sequence.trainedTokens()];
    int next = 0;
    for (int t = 1; t < sequence.length(); t++) {
      if (sequence.trained(t)) {
        places[next++] = t;
      }
    }
    return places;
  }

  /** B. */
  public int rows() {
    return sequences.size();
  }

  /** T, rounded up to a bucket. */
  public int inputs() {
    return inputs;
  }

  /** A, the most trained tokens of one sequence. */
  public int answers() {
    return answers;
  }

  /** Trained tokens in all. */
  public int trainedTokens() {
    int tokens = 0;
    for (int[] each : places) {
      tokens += each.length;
    }
    return tokens;
  }

  /** What the network reads, [B, T]; 0 in the padding, which nothing attends to. */
  public long[] tokens() {
    long[] tokens = new long[rows() * inputs];
    for (int b = 0; b < rows(); b++) {
      TrainingSequence sequence = sequences.get(b);
      for (int t = 0; t < sequence.inputs(); t++) {
        tokens[b * inputs + t] = sequence.token(t);
      }
    }
    return tokens;
  }

  /** For each scored place the row of the [B·T] hidden states that predicts it, [B, A]. */
  public long[] predictors() {
    long[] predictors = new long[rows() * answers];
    for (int b = 0; b < rows(); b++) {
      for (int a = 0; a < answers; a++) {
        boolean real = a < places[b].length;
        predictors[b * answers + a] = (long) b * inputs + (real ? places[b][a] - 1 : 0);
      }
    }
    return predictors;
  }

  /** The token each scored place should predict, [B, A]; 0 in the padding. */
  public long[] targets() {
    long[] targets = new long[rows() * answers];
    for (int b = 0; b < rows(); b++) {
      for (int a = 0; a < places[b].length; a++) {
        targets[b * answers + a] = sequences.get(b).token(places[b][a]);
      }
    }
    return targets;
  }

  /** 1 for a trained token, 0 in the padding: writes [B, A] from {@code offset} on. */
  public void mask(float[] into, int offset) {
    fill(into, offset, (_, _) -> 1);
  }

  /** Behaviour log-probabilities likewise. */
  public void behaviourLogProbs(float[] into, int offset) {
    fill(into, offset, (b, t) -> sequences.get(b).behaviourLogProb(t));
  }

  /** Any number of a row and a token place likewise; 0 in the padding. */
  public void fill(float[] into, int offset, TokenValue value) {
    for (int b = 0; b < rows(); b++) {
      for (int a = 0; a < places[b].length; a++) {
        into[offset + b * answers + a] = (float) value.at(b, places[b][a]);
      }
    }
  }

  /** Reads [B, A] values back to their token places: {@code sink} gets (row, place, value). */
  public void read(float[] values, TokenSink sink) {
    for (int b = 0; b < rows(); b++) {
      for (int a = 0; a < places[b].length; a++) {
        sink.take(b, places[b][a], values[b * answers + a]);
      }
    }
  }

  /** A number for the token at {@code place} of row {@code row}. */
  @FunctionalInterface
  public interface TokenValue {
    double at(int row, int place);
  }

  /** Takes the number of a token. */
  @FunctionalInterface
  public interface TokenSink {
    void take(int row, int place, float value);
  }
}
