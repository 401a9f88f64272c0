package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * How completions are drawn.
 *
 * @param temperature above 0; evaluation is greedy whatever this says
 * @param topK most likely tokens kept, 0 = all
 * @param topP probability mass kept, 1 = all
 * @param newTokensMax longest answer in tokens
 * @param stop strings that end an answer; they stay part of it
 * @param lanes sequences decoded together by one sampler (the height of a decoding bucket)
 * @param tokensPerCall decoding steps in one native call
 * @param switching when a newer policy version is taken up
 */
public record SamplingSpecification(
    double temperature,
    int topK,
    double topP,
    int newTokensMax,
    List<String> stop,
    int lanes,
    int tokensPerCall,
    Switching switching) {
  /** When a sampler takes up a newer policy version. */
  public enum Switching {
    /** Only for sequences that begin after it arrived. */
    BETWEEN_EPISODES,
    /** At once, also for sequences under way: they record the version of every token. */
    BETWEEN_TOKENS
  }

  public SamplingSpecification {
    stop = List.copyOf(stop);
    Check.positive("temperature", temperature);
    Check.atLeast("topK", 0, topK);
    Check.that(topP > 0 && topP <= 1, "topP", "above 0 and at most 1", topP);
    Check.atLeast("newTokensMax", 1, newTokensMax);
    Check.that(
        stop.stream().noneMatch(String::isEmpty), "stop", "strings that are not empty", stop);
    Check.atLeast("lanes", 1, lanes);
    Check.atLeast("tokensPerCall", 1, tokensPerCall);
  }
}
