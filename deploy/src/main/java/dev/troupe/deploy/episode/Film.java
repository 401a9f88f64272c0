package dev.troupe.deploy.episode;

import dev.troupe.deploy.episode.Frame.End;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.VectorEnvironment;

/** Plays episodes and shows every step. */
public final class Film {
  /** Pace of what has no picture. */
  private static final double STEPS_PER_SECOND = 10;

  private final Player player;
  private final int stepsMax;
  private final Curves curves;

  /** What is wanted after a frame. */
  public enum Next {
    STEP,
    EPISODE,
    STOP
  }

  /** Who looks. */
  public interface Viewer {
    Next see(Frame frame);
  }

  /**
   * @param player plays; stays the caller's
   * @param stepsMax of an episode, after which it is left
   */
  public Film(Player player, int stepsMax) {
    this.player = player;
    this.stepsMax = stepsMax;
    this.curves = new Curves(player.stage().observationSpace());
  }

  /** Whether the environment has pictures; else there are curves of its observations. */
  public boolean isDrawn() {
    return player.stage().drawable(0).isPresent();
  }

  /** The natural pace. */
  public double stepsPerSecond() {
    return player.stage().drawable(0).map(Drawable::stepsPerSecond).orElse(STEPS_PER_SECOND);
  }

  /**
   * Plays at most {@code episodes}.
   *
   * @throws dev.troupe.rollout.environment.EnvironmentFailedException if the environment fails
   */
  public void play(int episodes, Viewer viewer) {
    Next next = Next.STEP;
    for (int episode = 1; episode <= episodes && next != Next.STOP; episode++) {
      next = playOne(episode, viewer);
    }
  }

  private Next playOne(int episode, Viewer viewer) {
    player.begin(episode - 1);
    curves.clear();
    Next next = viewer.see(frame(episode, 0, End.NONE));
    End end = End.NONE;
    for (int step = 1; next == Next.STEP && end == End.NONE; step++) {
      player.step();
      end = end(step);
      next = viewer.see(frame(episode, step, end));
    }
    return next;
  }

  private End end(int step) {
    VectorEnvironment stage = player.stage();
    if (stage.terminated()[0]) {
      return End.TERMINATED;
    }
    return stage.truncated()[0] ? End.TRUNCATED : step == stepsMax ? End.LEFT : End.NONE;
  }

  private Frame frame(int episode, int step, End end) {
    VectorEnvironment stage = player.stage();
    curves.add(stage.observations());
    return new Frame(
        stage.drawable(0).map(Drawable::picture).orElseGet(curves::picture),
        episode,
        step,
        step == 0 ? "" : ActionWords.of(stage.actionSpace(), stage.actions().of(0)),
        stage.rewards()[0],
        stage.episodeReturns()[0],
        end);
  }
}
