package dev.troupe.deploy.recipe;

/**
 * One thing that is wrong with a recipe.
 *
 * @param where file and line, or the option that set the value
 * @param key full path of the key; empty where the file as a whole is meant
 * @param got as written
 * @param expected what would have been right
 * @param hint what to do next; may be empty
 */
public record Problem(String where, String key, String got, String expected, String hint) {
  @Override
  public String toString() {
    return where
        + ": "
        + (key.isEmpty() ? "" : key + ": ")
        + "got ["
        + got
        + "], expected "
        + expected
        + (hint.isEmpty() ? "" : "; " + hint);
  }
}
