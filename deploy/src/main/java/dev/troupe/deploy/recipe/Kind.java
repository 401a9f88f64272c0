package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;

/** What a recipe is about, which decides on the keys that concern it. */
enum Kind {
  /** A language model answers tasks. */
  LANGUAGE(
      List.of(
          "environment.",
          "policy.",
          "algorithm.",
          "adjustment.",
          "evaluation.episodes",
          "stop.steps",
          "stop.mean-return"),
      "a run with a language model"),
  /** A policy plays in environments. */
  ENVIRONMENTS(
      List.of(
          "model.",
          "tasks.",
          "sampling.",
          "reward.",
          "sft.",
          "learner.",
          "replay.groups",
          "replay.group-size",
          "replay.reuse",
          "replay.filter-uniform",
          "evaluation.tasks-max",
          "stop.accuracy",
          "runtime.learner-threads",
          "runtime.sampler-device",
          "runtime.learner-device"),
      "a run in environments");

  /** The key that decides. */
  static final String KEY = "environment.id";

  @SuppressWarnings("ImmutableEnumChecker") // List.of gives what nobody can change
  private final List<String> others;

  private final String words;

  Kind(List<String> others, String words) {
    this.others = others;
    this.words = words;
  }

  /** Of a recipe, merged with the defaults or not. */
  static Kind of(Config recipe) {
    boolean named =
        recipe.hasPath(KEY)
            && (recipe.getValue(KEY).valueType() != ConfigValueType.STRING
                || !recipe.getString(KEY).isEmpty());
    return named ? ENVIRONMENTS : LANGUAGE;
  }

  /** Whether a key, or a section, means something to it. */
  boolean concerns(String path) {
    return others.stream()
        .noneMatch(
            other -> other.endsWith(".") ? (path + ".").startsWith(other) : path.equals(other));
  }

  /** For people. */
  String words() {
    return words;
  }

  /** Every default. */
  Config defaults() {
    return this == LANGUAGE ? Reference.config() : Environments.DEFAULTS;
  }

  private static final class Environments {
    private static final Config DEFAULTS =
        ConfigFactory.parseString(
                Reference.resource("environments.conf"), Reference.asDefaults(Origins.REFERENCE))
            .withFallback(Reference.config());
  }
}
