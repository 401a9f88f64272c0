package dev.troupe.protocol.task;

import dev.troupe.protocol.check.Check;

/** What there is to attempt. */
public sealed interface TaskContent {

  /**
   * A prompt for a language model.
   *
   * @param prompt text given to the model
   * @param expected reference answer that a verifier compares with; may be empty
   */
  record Prompt(String prompt, String expected) implements TaskContent {}

  /**
   * A fragment of episodes in a vectorised environment.
   *
   * @param environment registered id, for example {@code CartPole-v1}
   * @param seed seed of the first lane's first reset
   * @param lanes environments stepped together
   * @param steps steps of each lane
   */
  record Environment(String environment, long seed, int lanes, int steps) implements TaskContent {
    public Environment {
      Check.notBlank("environment", environment);
      Check.atLeast("lanes", 1, lanes);
      Check.atLeast("steps", 1, steps);
    }
  }
}
