package dev.troupe.actors.control;

/** Names of what an update says of episodes. */
public final class EpisodeMetrics {
  /** Mean return of the last 100 episodes trained on, or of fewer while there are no more. */
  public static final String RETURN = "episodeReturn";

  /** Mean length of the same. */
  public static final String LENGTH = "episodeLength";

  /** The mean return once there are 100: what {@code stop.mean-return} is compared with. */
  public static final String SETTLED_RETURN = "episodeReturnOf100";

  private EpisodeMetrics() {}
}
