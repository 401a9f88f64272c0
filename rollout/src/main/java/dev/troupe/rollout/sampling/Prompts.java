package dev.troupe.rollout.sampling;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;

/**
 * Makes tokens of prompts: the begin token, then the text.
 *
 * @param newTokensMax longest answer
 * @param positions longest sequence that the model takes
 */
record Prompts(Tokenizer tokenizer, int newTokensMax, int positions) {

  Lane.Prompted of(SampleRequest request) {
    return switch (request.task().content()) {
      case TaskContent.Prompt prompt -> new Lane.Prompted(request, prompt, tokens(prompt.prompt()));
      case TaskContent.Environment environment ->
          throw new IllegalArgumentException(
              "completions are sampled for tasks with a prompt, got [" + environment + "]");
    };
  }

  private IntArray tokens(String prompt) {
    IntArray text = tokenizer.encode(prompt);
    int[] tokens = new int[text.size() + 1];
    tokens[0] = tokenizer.begin();
    text.copyInto(tokens, 1);
    if (tokens.length + newTokensMax > positions) {
      throw new IllegalArgumentException(
          "a prompt of ["
              + tokens.length
              + "] tokens and up to ["
              + newTokensMax
              + "] new ones don't fit into the model's ["
              + positions
              + "] positions; prompt ["
              + prompt
              + "]");
    }
    return IntArray.of(tokens);
  }
}
