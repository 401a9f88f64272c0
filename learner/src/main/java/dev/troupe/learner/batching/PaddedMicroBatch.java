package dev.troupe.learner.batching;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * B sequences as rectangles. The network reads [B, T] tokens, padded on the right; only the places
 * that predict one of the R trained tokens are scored; losses see them packed to the left as [B,
 * A].
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

  /** For each trained token the place of the B·T that predicts it, [R] in order of (row, place). */
  public long[] predictors() {
    return ofTrained((row, answer) -> (long) row * inputs + places[row][answer] - 1);
  }

  /** The trained tokens, [R]. */
  public long[] targets() {
    return ofTrained((row, answer) -> sequences.get(row).token(places[row][answer]));
  }

  /** Where each trained token stands in the [B, A] rectangle, [R]. */
  public long[] slots() {
    return ofTrained((row, answer) -> (long) row * answers + answer);
  }

  private long[] ofTrained(TrainedToken token) {
    long[] values = new long[trainedTokens()];
    int next = 0;
    for (int row = 0; row < rows(); row++) {
      for (int answer = 0; answer < places[row].length; answer++) {
        values[next++] = token.at(row, answer);
      }
    }
    return values;
  }

  /** A number for the trained token {@code answer} of row {@code row}. */
  private interface TrainedToken {
    long at(int row, int answer);
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

  /** A number of a row for each of its trained tokens, [R]. */
  public float[] spread(IntToDoubleFunction ofRow) {
    float[] values = new float[trainedTokens()];
    int next = 0;
    for (int row = 0; row < rows(); row++) {
      Arrays.fill(values, next, next + places[row].length, (float) ofRow.applyAsDouble(row));
      next += places[row].length;
    }
    return values;
  }

  /** Reads [R] values back to their token places: {@code sink} gets (row, place, value). */
  public void read(float[] values, TokenSink sink) {
    int next = 0;
    for (int row = 0; row < rows(); row++) {
      for (int place : places[row]) {
        sink.take(row, place, values[next++]);
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
