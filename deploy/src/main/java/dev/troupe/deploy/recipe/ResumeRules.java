package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which keys may change when a run is resumed: those that decide when it ends, what is looked at,
 * what is kept, and how patient and parallel it is. All others shape the weights or the account of
 * trajectories, and a resumed run would no longer be the run that its journal describes. The loss
 * shapes nothing before the first update is made with it: until then it may be mended.
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
          "reward.past-budget",
          "reward.trial.trajectories",
          "reward.trial.max-failure-rate",
          "reward.trial.max-disagreement",
          "reward.artificial-delay",
          "replay.lease-limit",
          "replay.journal.",
          "learner.non-finite-budget",
          "environment.step-limit",
          "environment.failure-budget",
          "environment.failure-budget-share",
          "algorithm.non-finite-budget");

  private static final String LOSS = "learner.loss";

  private ResumeRules() {}

  /** Says how many updates of reinforcement learning a run has made. */
  @FunctionalInterface
  public interface UpdatesMade {
    long count() throws IOException;
  }

  /** Whether {@code key} may change on resume. */
  public static boolean mayChange(String key) {
    return MAY_CHANGE.stream()
        .anyMatch(allowed -> allowed.endsWith(".") ? key.startsWith(allowed) : key.equals(allowed));
  }

  /**
   * Refuses {@code wanted} where it differs from {@code before} in a key that must not change.
   *
   * @param made asked only where the loss is another one
   * @throws RecipeException naming each such key with its old and new value
   */
  public static void check(Recipe before, Recipe wanted, UpdatesMade made) throws IOException {
    check(
        new Resolved(before.values(), before.specification().files()),
        new Resolved(wanted.values(), wanted.specification().files()),
        Optional.ofNullable(before.file().toAbsolutePath().getParent())
            .map(Origins::shortened)
            .orElse("."),
        made);
  }

  /**
   * The same for a run directory and the resolved text of what is to go on there.
   *
   * @throws RecipeException naming each such key with its old and new value
   */
  public static void check(Path runDirectory, String wanted, UpdatesMade made) throws IOException {
    check(
        Resolved.of(Files.readString(runDirectory.resolve(Recipe.FILE_NAME)), "its recipe.conf"),
        Resolved.of(wanted, "the recipe"),
        runDirectory.toString(),
        made);
  }

  /**
   * Every key's value, and the files by name.
   *
   * @param files hashes by the names that the keys have
   */
  private record Resolved(Values values, Map<String, String> files) {
    static Resolved of(String text, String name) {
      Config config =
          ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription(name));
      return new Resolved(
          new Values(config.withFallback(Reference.config())), NamedFiles.hashes(config));
    }

    /** Its content where it is a file: renaming it changes nothing. */
    String loss() {
      String name = Values.written(values.raw(LOSS));
      return files.getOrDefault(name, name);
    }

    String where(String key) {
      return Origins.where(values.raw(key).origin());
    }
  }

  private static void check(Resolved before, Resolved wanted, String folder, UpdatesMade made)
      throws IOException {
    List<Problem> problems = new ArrayList<>();
    boolean otherLoss = !before.loss().equals(wanted.loss());
    long updates = otherLoss ? made.count() : 0;
    if (updates > 0) {
      problems.add(otherLoss(before, wanted, folder, updates));
    }
    for (String key : Reference.paths()) {
      boolean same = wanted.values().raw(key).equals(before.values().raw(key));
      if (!same && !key.equals("name") && !key.equals(LOSS) && !mayChange(key)) {
        problems.add(
            refused(
                wanted.where(key),
                key,
                wanted.values().asWritten(key),
                before.values().asWritten(key)));
      }
    }
    wanted
        .files()
        .forEach(
            (name, hash) -> {
              String was = before.files().getOrDefault(name, hash);
              boolean isLoss = name.equals(Values.written(wanted.values().raw(LOSS)));
              if (!was.equals(hash) && !isLoss) {
                problems.add(refused(name, "content", "SHA-256 " + hash, "SHA-256 " + was));
              }
            });
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
  }

  private static Problem otherLoss(Resolved before, Resolved wanted, String folder, long updates) {
    return new Problem(
        wanted.where(LOSS),
        LOSS,
        Values.written(wanted.values().raw(LOSS)) + ", another text than the run's own",
        Values.written(before.values().raw(LOSS))
            + " as the run has it: it made ["
            + updates
            + "] updates with it",
        "begin another run with its weights: --set model.init-from="
            + folder
            + " --set sft.steps=0");
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
