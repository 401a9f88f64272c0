package dev.troupe.rollout.sampling;

import dev.troupe.protocol.tensor.IntArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads prompts into lanes, many at a time. Prompts of one class of lengths share calls, and every
 * call has its class's full shape: where fewer prompts are left, the last is given again.
 *
 * <p>A lane keeps its prompt when its sequence has ended, until another enters. A prompt that some
 * lane holds is copied rather than read again, so a group's prompt is read once.
 */
final class PromptReader {
  private record Waiting(int lane, IntArray tokens) {}

  private record Copy(int source, int target, int length) {}

  private final Bucket bucket;
  private final Map<Integer, List<Waiting>> waiting = new TreeMap<>();
  private final List<Copy> copies = new ArrayList<>();

  /** A lane for every prompt that is held, and the prompt of every lane. */
  private final Map<IntArray, Integer> holders = new HashMap<>();

  private final Map<Integer, IntArray> held = new HashMap<>();
  private long tokens;

  PromptReader(Bucket bucket) {
    this.bucket = bucket;
  }

  /** From now on nothing that any lane holds may be copied: the weights have changed. */
  void forget() {
    holders.clear();
    held.clear();
  }

  /**
   * Lanes that new sequences are about to enter. All are released before the first is entered:
   * reading comes before copying, so none of them can be copied from.
   */
  void release(int[] lanes) {
    for (int lane : lanes) {
      IntArray prompt = held.remove(lane);
      if (prompt != null) {
        holders.remove(prompt, lane);
      }
    }
  }

  /**
   * A sequence enters a lane.
   *
   * @param prompt all its tokens
   */
  void enter(int lane, IntArray prompt) {
    held.put(lane, prompt);
    Integer source = holders.putIfAbsent(prompt, lane);
    if (source == null) {
      readInto(lane, prompt);
    } else {
      copies.add(new Copy(source, lane, prompt.size()));
    }
  }

  /** Tokens to be read into a lane, at least one: a prompt, or a sequence that is under way. */
  void readInto(int lane, IntArray text) {
    int room = bucket.promptClass(text.size());
    waiting.computeIfAbsent(room, _ -> new ArrayList<>()).add(new Waiting(lane, text));
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
      long[] lengths = new long[perCall];
      long[] lanes = new long[perCall];
      for (int row = 0; row < perCall; row++) {
        Waiting prompt = prompts.get(Math.min(first + row, prompts.size() - 1));
        lengths[row] = prompt.tokens().size();
        lanes[row] = prompt.lane();
        for (int i = 0; i < prompt.tokens().size(); i++) {
          text[row * room + i] = prompt.tokens().at(i);
        }
      }
      bucket.read(text, lengths, lanes);
    }
    tokens += prompts.stream().mapToInt(prompt -> prompt.tokens().size()).sum();
  }
}
