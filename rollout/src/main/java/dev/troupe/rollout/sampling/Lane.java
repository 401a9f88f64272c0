package dev.troupe.rollout.sampling;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.protocol.trajectory.VersionSpan;
import dev.troupe.rollout.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sequence in one lane of a bucket. Its arrays are made once and used again and again. */
final class Lane {
  /** A request and its prompt in tokens, the begin token first. */
  record Prompted(SampleRequest request, TaskContent.Prompt prompt, IntArray tokens) {}

  private final int[] answer;
  private final float[] logProbs;
  private final float[] policyLogProbs;
  private final List<VersionSpan> versions = new ArrayList<>();
  private Optional<Prompted> prompted = Optional.empty();
  private int count;

  Lane(int newTokensMax) {
    answer = new int[newTokensMax];
    logProbs = new float[newTokensMax];
    policyLogProbs = new float[newTokensMax];
  }

  void begin(Prompted sequence, PolicyVersion version) {
    prompted = Optional.of(sequence);
    count = 0;
    versions.clear();
    versions.add(new VersionSpan(0, version));
  }

  boolean running() {
    return prompted.isPresent();
  }

  /** From the next token on, {@code version} draws. */
  void switchTo(PolicyVersion version) {
    if (versions.getLast().fromToken() == count) {
      versions.removeLast();
    }
    versions.add(new VersionSpan(count, version));
  }

  PolicyVersion version() {
    return versions.getLast().version();
  }

  /** Tokens drawn so far. */
  int count() {
    return count;
  }

  boolean greedy() {
    return sequence().request().greedy();
  }

  /** Whether its first token is still to be drawn; its prompt was read whole. */
  boolean begins() {
    return count == 0;
  }

  /** Position of the token that is read next: the last of the answer. */
  int position() {
    return sequence().tokens().size() + Math.max(0, count - 1);
  }

  /** The token that is read next; any, where that is yet to be drawn. */
  int nextToken() {
    return begins() ? 0 : answer[count - 1];
  }

  /** Prompt and answer but for its last token, which is read when the next is drawn. */
  IntArray readTokens() {
    int[] tokens = new int[position()];
    IntArray prompt = sequence().tokens();
    prompt.copyInto(tokens, 0);
    System.arraycopy(answer, 0, tokens, prompt.size(), tokens.length - prompt.size());
    return IntArray.of(tokens);
  }

  /**
   * Fills in the uniforms of the next draws: a function of (run seed, group, member, position) and
   * of nothing else.
   */
  void fill(double[] uniforms, int from, int steps, long key) {
    long group = sequence().request().id().group();
    long member = (long) sequence().request().id().member() << 32;
    for (int step = 0; step < steps; step++) {
      uniforms[from + step] = Philox.uniform(key, member | (count + step), group);
    }
  }

  /** Adds a token that was drawn; false if its log-probabilities aren't finite. */
  boolean add(int token, float logProb, float policyLogProb) {
    answer[count] = token;
    logProbs[count] = logProb;
    policyLogProbs[count] = policyLogProb;
    count++;
    return Float.isFinite(logProb) && Float.isFinite(policyLogProb);
  }

  /** How many tokens stand up to a stop string's end, 0 if there is none. */
  int stop(StopStrings stops, int from) {
    return stops.end(answer, from, count);
  }

  /** Takes the sequence out: its first {@code length} tokens are the answer. */
  Trajectory finish(int length, FinishReason reason, Tokenizer tokenizer) {
    Prompted sequence = sequence();
    int textLength = reason == FinishReason.END_TOKEN ? length - 1 : length;
    Segment prompt =
        new Segment(
            Segment.Kind.PROMPT,
            sequence.prompt().prompt(),
            sequence.tokens(),
            false,
            FloatArray.empty(),
            FloatArray.empty());
    Segment written =
        new Segment(
            Segment.Kind.ANSWER,
            tokenizer.decode(IntArray.copyOf(answer, 0, textLength)),
            IntArray.copyOf(answer, 0, length),
            true,
            FloatArray.copyOf(logProbs, 0, length),
            FloatArray.copyOf(policyLogProbs, 0, length));
    List<VersionSpan> spans = versions.stream().filter(span -> span.fromToken() < length).toList();
    prompted = Optional.empty();
    return new Trajectory(
        sequence.request().id(),
        sequence.request().lease(),
        sequence.request().attempt(),
        spans,
        new Completion(List.of(prompt, written), reason));
  }

  /** Drops the sequence. */
  void abandon() {
    prompted = Optional.empty();
  }

  private Prompted sequence() {
    return prompted.orElseThrow(() -> new IllegalStateException("the lane is empty"));
  }
}
