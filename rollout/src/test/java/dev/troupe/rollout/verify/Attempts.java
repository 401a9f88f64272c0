package dev.troupe.rollout.verify;

import com.google.gson.JsonObject;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.verify.settings.JsonText;

/** Answers to judge, and rules by the settings that a recipe would write. */
public final class Attempts {
  private Attempts() {}

  public static Attempt attempt(String expected, String answer) {
    return new Attempt("", expected, answer, true, IntArray.empty());
  }

  /** One of that many tokens. */
  public static Attempt ofLength(String expected, String answer, int tokens) {
    return new Attempt("", expected, answer, true, IntArray.of(new int[tokens]));
  }

  public static Rule rule(String name, String settings) {
    JsonObject written = JsonText.parse(settings.replace('\'', '"')).getAsJsonObject();
    return ((RuleVerifier) Verifiers.of(name, Verifiers.kind(name).version(), written)).rule();
  }

  public static double score(Rule rule, Attempt attempt) {
    return ((Outcome.Scored) rule.judge(attempt)).value();
  }
}
