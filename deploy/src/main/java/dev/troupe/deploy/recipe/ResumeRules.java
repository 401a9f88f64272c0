package dev.troupe.deploy.recipe;

import java.util.ArrayList;
import java.util.List;

/**
 * Which keys may change when a run is resumed: those that decide when it ends, what is looked at,
 * what is kept, and how patient and parallel it is. All others shape the weights or the account of
 * trajectories, and a resumed run would no longer be the run that its journal describes.
 */
public final class ResumeRules {
  private static final List<String> MAY_CHANGE =
      List.of(
          "stop.",
          "evaluation.",
          "checkpoints.",
          "runtime.",
          "reward.time-limit",
          "reward.actors",
          "reward.workers",
          "reward.queue-max",
          "reward.attempts-max",
          "reward.failure-budget",
          "reward.failure-budget-share",
          "reward.artificial-delay",
          "replay.lease-limit",
          "replay.journal.",
          "learner.non-finite-budget");

  private ResumeRules() {}

  /** Whether {@code key} may change on resume. */
  public static boolean mayChange(String key) {
    return MAY_CHANGE.stream()
        .anyMatch(allowed -> allowed.endsWith(".") ? key.startsWith(allowed) : key.equals(allowed));
  }

  /**
   * Refuses {@code wanted} where it differs from {@code before} in a key that must not change.
   *
   * @throws RecipeException naming each such key with its old and new value
   */
  public static void check(Recipe before, Recipe wanted) {
    List<Problem> problems = new ArrayList<>();
    for (Recipe.Entry entry : wanted.entries()) {
      String key = entry.key();
      boolean same = wanted.raw(key).equals(before.raw(key));
      if (!same && !key.equals("name") && !mayChange(key)) {
        problems.add(refused(entry.where(), key, entry.value(), before.rendered(key)));
      }
    }
    wanted
        .specification()
        .files()
        .forEach(
            (name, hash) -> {
              String was = before.specification().files().getOrDefault(name, hash);
              if (!was.equals(hash)) {
                problems.add(refused(name, "content", "SHA-256 " + hash, "SHA-256 " + was));
              }
            });
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
  }

  private static Problem refused(String where, String key, String now, String was) {
    return new Problem(
        where,
        key,
        now,
        was + ", as the run was started with",
        "start another run, or resume with the old value");
  }
}
