package dev.troupe.rollout.sampling;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.tensor.IntArray;
import java.util.List;

/** Finds where an answer stops: after the token that completes one of the strings. */
final class StopStrings {
  private final List<String> strings;
  private final Tokenizer tokenizer;

  StopStrings(List<String> strings, Tokenizer tokenizer) {
    this.strings = List.copyOf(strings);
    this.tokenizer = tokenizer;
    if (this.strings.contains("")) {
      throw new IllegalArgumentException("a stop string must not be empty, got " + strings);
    }
  }

  /**
   * The number of tokens up to and including the one that completes a stop string; 0 if none does.
   *
   * @param tokens of the answer, in the first {@code count} places
   * @param from tokens that are known not to complete one
   */
  int end(int[] tokens, int from, int count) {
    if (strings.isEmpty() || !stops(tokens, count)) {
      return 0;
    }
    for (int length = from + 1; length < count; length++) {
      if (stops(tokens, length)) {
        return length;
      }
    }
    return count;
  }

  private boolean stops(int[] tokens, int count) {
    String text = tokenizer.decode(IntArray.copyOf(tokens, 0, count));
    return strings.stream().anyMatch(text::contains);
  }
}
