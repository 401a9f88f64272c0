package dev.troupe.rollout.sampling;

import dev.troupe.protocol.tensor.IntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads prompts into lanes, many at a time. Prompts of one class of lengths share calls, and every
 * call has its class's full shape: where fewer prompts are left, the last is given again.
 */
final class PromptReader {
  private record Waiting(int lane, IntArray tokens) {}

  private record Copy(int source, int target, int length) {}

  private final Bucket bucket;
  private final Map<Integer, List<Waiting>> waiting = new TreeMap<>();
  private final List<Copy> copies = new ArrayList<>();
  private long tokens;

  PromptReader(Bucket bucket) {
    this.bucket = bucket;
  }

  /** Adds a prompt to be read into a lane. */
  void add(int lane, IntArray prompt) {
    if (!prompt.isEmpty()) {
      int room = bucket.promptClass(prompt.size());
      waiting.computeIfAbsent(room, _ -> new ArrayList<>()).add(new Waiting(lane, prompt));
    }
  }

  /** Adds a lane that takes what another has read, or will have read in the same {@link #read}. */
  void addCopy(int source, int target, int length) {
    if (length > 0) {
      copies.add(new Copy(source, target, length));
    }
  }

  /** Reads everything that was added, then copies. */
  void read() {
    waiting.forEach(this::readClass);
    waiting.clear();
    if (!copies.isEmpty()) {
      bucket.copy(
          copies.stream().mapToLong(Copy::source).toArray(),
          copies.stream().mapToLong(Copy::target).toArray(),
          copies.stream().mapToInt(Copy::length).max().orElseThrow());
      copies.clear();
    }
  }

  /** Prompt tokens read so far, copies not counted. */
  long tokens() {
    return tokens;
  }

  private void readClass(int room, List<Waiting> prompts) {
    int perCall = bucket.promptsPerCall(room);
    for (int first = 0; first < prompts.size(); first += perCall) {
      long[] text = new long[perCall * room];
      long[] lanes = new long[perCall];
      for (int row = 0; row < perCall; row++) {
        Waiting prompt = prompts.get(Math.min(first + row, prompts.size() - 1));
        lanes[row] = prompt.lane();
        for (int i = 0; i < prompt.tokens().size(); i++) {
          text[row * room + i] = prompt.tokens().at(i);
        }
      }
      bucket.read(text, lanes);
    }
    tokens += prompts.stream().mapToInt(prompt -> prompt.tokens().size()).sum();
  }
}
