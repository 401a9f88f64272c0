package dev.troupe.deploy.watch;

import dev.troupe.protocol.run.RunSpecification;
import java.util.Locale;

/** What a run's success is measured by, and what its work is counted in. */
public enum Measure {
  /** Held-out tasks answered right, as a share; work is counted in tokens. */
  ACCURACY("accuracy", "reward", "tokens"),
  /** Mean return of greedy episodes; work is counted in steps of environments. */
  RETURN("return", "return of the last 100 episodes", "steps");

  private final String word;
  private final String rewards;
  private final String work;

  Measure(String word, String rewards, String work) {
    this.word = word;
    this.rewards = rewards;
    this.work = work;
  }

  /** Of a run. */
  public static Measure of(RunSpecification run) {
    return run.control().isPresent() ? RETURN : ACCURACY;
  }

  /** What an evaluation tells. */
  public String word() {
    return word;
  }

  /** What training itself tells. */
  public String rewards() {
    return rewards;
  }

  /** What there is so much of a second. */
  public String work() {
    return work;
  }

  /** An evaluation's figure. */
  public String text(double figure) {
    return switch (this) {
      case ACCURACY -> String.format(Locale.ROOT, "%.1f%%", 100 * figure);
      case RETURN -> number(figure);
    };
  }

  /** What training tells of itself. */
  public String rewardText(double reward) {
    return switch (this) {
      case ACCURACY -> String.format(Locale.ROOT, "%.3f", reward);
      case RETURN -> number(reward);
    };
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.3f" : "%.1f", number);
  }
}
