package dev.troupe.actors.control;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of what was played. A fragment's score is its mean reward a step; its parts tell of
 * the episodes that ended in it. An evaluation's score is the mean return of its episodes.
 */
public final class FragmentOutcome {
  /** Mean return of the episodes that ended here. */
  public static final String EPISODE_RETURN = "episodeReturn";

  /** Their mean length in steps. */
  public static final String EPISODE_LENGTH = "episodeLength";

  /** How many ended here. */
  public static final String EPISODES = "episodes";

  private FragmentOutcome() {}

  /** Of a fragment with rows. */
  public static Outcome ofFragment(EnvironmentFragment fragment) {
    double sum = 0;
    for (double reward : fragment.rewards().toDoubles()) {
      sum += reward;
    }
    double rows = fragment.rewards().elements();
    return scored(sum / rows, fragment);
  }

  /** Of whole episodes. */
  public static Outcome ofEpisodes(EnvironmentFragment episodes) {
    return scored(mean(episodes.episodeReturns().toDoubles()), episodes);
  }

  private static Outcome scored(double value, EnvironmentFragment fragment) {
    List<Outcome.Part> parts = new ArrayList<>();
    int episodes = fragment.episodeReturns().elements();
    if (episodes > 0) {
      parts.add(new Outcome.Part(EPISODE_RETURN, mean(fragment.episodeReturns().toDoubles())));
      parts.add(new Outcome.Part(EPISODE_LENGTH, mean(fragment.episodeLengths().toDoubles())));
    }
    parts.add(new Outcome.Part(EPISODES, episodes));
    return new Outcome.Scored(value, parts, Optional.empty());
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElse(0);
  }
}
