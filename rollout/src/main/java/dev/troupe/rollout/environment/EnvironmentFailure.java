package dev.troupe.rollout.environment;

/**
 * What went wrong in an environment, and where: enough to play it again.
 *
 * @param environment id
 * @param kind what it did
 * @param lane its place in the vector
 * @param seed of the lane
 * @param episode of the lane since that seed, 0 first
 * @param step of the episode, 0 for its reset
 * @param detail got and expected
 */
public record EnvironmentFailure(
    String environment, Kind kind, int lane, long seed, long episode, long step, String detail) {

  /** Ways to fail. */
  public enum Kind {
    /** It threw. */
    THREW("threw"),
    /** An observation with NaN, an infinity, or a number that wasn't written. */
    OBSERVATION_NOT_FINITE("gave an observation that isn't finite"),
    /** A reward that is NaN or infinite. */
    REWARD_NOT_FINITE("gave a reward that isn't finite"),
    /** An observation of another shape than its space. */
    WRONG_SHAPE("gave an observation of the wrong shape"),
    /** It didn't come back in time. */
    HUNG("doesn't come back"),
    /** The process that plays it ended. */
    WORKER_DIED("lost the process that plays it");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  @Override
  public String toString() {
    return "environment ["
        + environment
        + "] "
        + kind.words
        + " at step ["
        + step
        + "] of episode ["
        + episode
        + "] of seed ["
        + seed
        + "], lane ["
        + lane
        + "]: "
        + detail;
  }
}
