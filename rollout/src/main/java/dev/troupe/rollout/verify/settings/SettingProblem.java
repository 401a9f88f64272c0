package dev.troupe.rollout.verify.settings;

/**
 * One thing that is wrong with settings.
 *
 * @param path of the setting, like {@code members.format.weight}; empty where all of them are meant
 * @param got as written
 * @param expected what would have been right
 * @param hint what to do next; may be empty
 */
public record SettingProblem(String path, String got, String expected, String hint) {
  /** The same within another setting. */
  public SettingProblem in(String outer) {
    return new SettingProblem(SettingNames.join(outer, path), got, expected, hint);
  }

  @Override
  public String toString() {
    return (path.isEmpty() ? "" : path + ": ")
        + "got ["
        + got
        + "], expected "
        + expected
        + (hint.isEmpty() ? "" : "; " + hint);
  }
}
