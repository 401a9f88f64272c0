package dev.troupe.rollout.environment.check;

/** What an environment has to keep to, in the order in which it is looked at. */
public enum Rule {
  CREATED("can be made", "make it without arguments or with EnvironmentOptions"),
  SPACES("spaces are there and always the same", "make both spaces once, as constants"),
  SHAPE("observations have their space's shape", "write exactly the numbers of the space"),
  FINITE("observations are finite and wholly written", "write every number at every step"),
  INSIDE("observations lie in their space", "widen the space's bounds or clip the observation"),
  REWARD("rewards are finite", "look for a division by 0 or a logarithm of it"),
  THROWS("no step throws", "mend what is thrown; --verbose shows where"),
  RESET("a reset begins an episode", "set no flag in reset"),
  ACTIONS("every action of the space is taken", "allow each choice, and boxes beyond their bounds"),
  DETERMINISTIC(
      "a seed gives the same episode twice", "draw from the generator that is given, nothing else"),
  ISOLATED("instances don't disturb each other", "no static fields that change"),
  FORGETS("a reset forgets the episode before", "set every field in reset"),
  OWN_MEMORY("nothing is written after a step has returned", "don't keep the Transition"),
  STATE_ENCODED("the state can be written down", "list its own types in stateTypes"),
  STATE_CONSTANT("a state that was taken stays as it is", "copy arrays and collections in state"),
  STATE_COMPLETE(
      "a restored state goes on the same way", "put every field that changes into state"),
  ENDS("episodes end", "terminate, or give the kind a time limit"),
  AFTER_END("after its end an episode is over", "keep to the end until the next reset"),
  ALLOCATES("a step allocates nothing", "make arrays once, in the constructor"),
  RETURNS("every call comes back in time", "look for a loop that can't end");

  private final String words;
  private final String remedy;

  Rule(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  public String words() {
    return words;
  }

  /** What usually helps. */
  public String remedy() {
    return remedy;
  }

  /** What usually helps where the environment is Gymnasium's, in Python; empty for nothing. */
  public String remedyInPython() {
    return switch (this) {
      case CREATED -> "see that gymnasium.make makes it with these options";
      case SPACES -> "make both spaces once, in __init__";
      case SHAPE, FINITE, INSIDE, REWARD, ENDS, RETURNS, RESET -> remedy;
      case THROWS -> "mend what is thrown";
      case ACTIONS -> "allow each choice, and boxes to their bounds";
      case DETERMINISTIC -> "draw from self.np_random, nothing else";
      case ISOLATED -> "no attributes of classes or modules that change";
      case FORGETS -> "set every attribute in reset";
      case OWN_MEMORY -> "return a copy of what the next step changes";
      case AFTER_END -> "keep to the end until the next reset";
      case STATE_ENCODED, STATE_CONSTANT, STATE_COMPLETE, ALLOCATES -> "";
    };
  }
}
