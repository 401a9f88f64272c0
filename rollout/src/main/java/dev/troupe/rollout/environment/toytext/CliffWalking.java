package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.toytext.TransitionTable.Outcome;
import dev.troupe.rollout.picture.GridSketch;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Tint;

/**
 * From one corner to the other along a cliff: -1 a step, -100 and back to the start for a fall.
 *
 * <p>Sutton and Barto, "Reinforcement learning: an introduction", example 6.6, as Gymnasium's
 * CliffWalking-v1 has it. Option: {@code is-slippery} (a third of the steps go to either side).
 */
final class CliffWalking extends Tabular implements Drawable {
  private static final int ROWS = 4;
  private static final int COLUMNS = 12;
  private static final int START = (ROWS - 1) * COLUMNS;
  private static final int GOAL = ROWS * COLUMNS - 1;
  private static final int[] DOWN_BY = {-1, 0, 1, 0};
  private static final int[] RIGHT_BY = {0, 1, 0, -1};

  CliffWalking(EnvironmentOptions options, boolean slippery) {
    super(
        ROWS * COLUMNS,
        Space.discrete("up", "right", "down", "left"),
        table(options.truth("is-slippery", slippery)));
  }

  private static TransitionTable table(boolean slippery) {
    double[] starts = new double[ROWS * COLUMNS];
    starts[START] = 1;
    return TransitionTable.of(
        ROWS * COLUMNS,
        4,
        starts,
        (state, action, to) -> {
          if (slippery) {
            to.add(outcome(state, (action + 3) % 4, 1.0 / 3));
            to.add(outcome(state, action, 1.0 / 3));
            to.add(outcome(state, (action + 1) % 4, 1.0 / 3));
          } else {
            to.add(outcome(state, action, 1));
          }
        });
  }

  private static Outcome outcome(int state, int direction, double probability) {
    int row = Math.clamp(state / COLUMNS + DOWN_BY[direction], 0, ROWS - 1);
    int column = Math.clamp(state % COLUMNS + RIGHT_BY[direction], 0, COLUMNS - 1);
    int next = row * COLUMNS + column;
    boolean cliff = next > START && next < GOAL;
    return cliff
        ? new Outcome(probability, START, -100, false)
        : new Outcome(probability, next, -1, next == GOAL);
  }

  @Override
  public Picture picture() {
    var sketch = new GridSketch(ROWS, COLUMNS);
    for (int place = START + 1; place < GOAL; place++) {
      sketch.fill(place, Tint.BROWN);
    }
    return sketch
        .letters(START, "S", Tint.FAINT)
        .fill(GOAL, Tint.GREEN)
        .letters(GOAL, "G", Tint.PAPER)
        .disc(number(), 0.5, Tint.ORANGE)
        .picture();
  }

  @Override
  public double stepsPerSecond() {
    return 4;
  }
}
