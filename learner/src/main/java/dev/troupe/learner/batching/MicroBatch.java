package dev.troupe.learner.batching;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * B sequences: what the network reads of them is a {@link Reading}; only the places that predict
 * one of the R trained tokens are scored; losses see those packed to the left as [B, A].
 */
public final class MicroBatch {
  private final List<TrainingSequence> sequences;
  private final Reading reading;
  private final int[][] places;
  private final int answers;

  /** {@code sequences} as {@code reading} lays them out. */
  public MicroBatch(List<TrainingSequence> sequences, Reading reading) {
    this.sequences = List.copyOf(sequences);
    this.reading = reading;
    this.answers = sequences.stream().mapToInt(TrainingSequence::trainedTokens).max().orElse(0);
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

  /** What the network reads. */
  public List<Reading.Integers> read() {
    return reading.tensors();
  }

  /**
   * For each trained token which of those that are read predicts it, [R] in order of (row, place).
   */
  public long[] predictors() {
    return ofTrained((row, answer) -> reading.index(row, places[row][answer] - 1));
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
