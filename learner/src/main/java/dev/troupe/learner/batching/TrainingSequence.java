package dev.troupe.learner.batching;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import java.util.Arrays;

/**
 * A sequence of T tokens, which of them are trained, and the log-probability of each under the
 * behaviour policy. The first token is never trained: nothing predicts it.
 */
public final class TrainingSequence {
  private final int[] tokens;
  private final boolean[] trained;
  private final float[] behaviourLogProbs;
  private final int trainedTokens;

  private TrainingSequence(int[] tokens, boolean[] trained, float[] behaviourLogProbs) {
    this.tokens = tokens;
    this.trained = trained;
    this.behaviourLogProbs = behaviourLogProbs;
    int count = 0;
    for (boolean each : trained) {
      count += each ? 1 : 0;
    }
    this.trainedTokens = count;
    if (trained.length > 0 && trained[0]) {
      throw new IllegalArgumentException(
          "the first token of a sequence can't be trained: no token comes before it to predict it;"
              + " give it a prompt or a begin token");
    }
  }

  /** All segments of a sampled completion, in order. */
  public static TrainingSequence of(Completion completion) {
    int length = completion.segments().stream().mapToInt(s -> s.tokens().size()).sum();
    int[] tokens = new int[length];
    boolean[] trained = new boolean[length];
    float[] logProbs = new float[length];
    int at = 0;
    for (Segment segment : completion.segments()) {
      segment.tokens().copyInto(tokens, at);
      segment.logProbs().copyInto(logProbs, at);
      Arrays.fill(trained, at, at + segment.tokens().size(), segment.trained());
      at += segment.tokens().size();
    }
    return new TrainingSequence(tokens, trained, logProbs);
  }

  /** A supervised example: the completion is trained, the prompt is not. */
  public static TrainingSequence supervised(IntArray prompt, IntArray completion) {
    int[] tokens = new int[prompt.size() + completion.size()];
    boolean[] trained = new boolean[tokens.length];
    prompt.copyInto(tokens, 0);
    completion.copyInto(tokens, prompt.size());
    Arrays.fill(trained, prompt.size(), tokens.length, true);
    return new TrainingSequence(tokens, trained, new float[tokens.length]);
  }

  /**
   * A supervised example laid out as samples are: begin token and prompt, then completion and end
   * token, which are trained.
   */
  public static TrainingSequence supervised(Tokenizer tokenizer, String prompt, String completion) {
    return supervised(
        joined(IntArray.of(tokenizer.begin()), tokenizer.encode(prompt)),
        joined(tokenizer.encode(completion), IntArray.of(tokenizer.end())));
  }

  private static IntArray joined(IntArray first, IntArray second) {
    int[] tokens = new int[first.size() + second.size()];
    first.copyInto(tokens, 0);
    second.copyInto(tokens, first.size());
    return IntArray.of(tokens);
  }

  /** Tokens, T. */
  public int length() {
    return tokens.length;
  }

  public int token(int position) {
    return tokens[position];
  }

  public boolean trained(int position) {
    return trained[position];
  }

  /** Of token {@code position} under the distribution it was drawn from; 0 where not sampled. */
  public float behaviourLogProb(int position) {
    return behaviourLogProbs[position];
  }

  public int trainedTokens() {
    return trainedTokens;
  }

  /** Tokens that the network must read: all before the last trained one. */
  public int inputs() {
    for (int t = trained.length - 1; t > 0; t--) {
      if (trained[t]) {
        return t;
      }
    }
    return 0;
  }

  /** Those tokens. */
  int[] read() {
    return Arrays.copyOf(tokens, inputs());
  }

  /** The tokens before the first trained one. */
  IntArray prompt() {
    int first = 0;
    while (first < trained.length && !trained[first]) {
      first++;
    }
    return IntArray.copyOf(tokens, 0, first);
  }

  /** A copy of the mask, [T]. */
  public boolean[] mask() {
    return trained.clone();
  }
}
