package dev.troupe.learner.control;

import java.util.SplittableRandom;

/** A walk in the 5×5 grid of the PROPS paper: from the centre until a corner is reached. */
final class GridWalk {
  static final int STATES = 25;
  static final int ACTIONS = 4;
  private static final int SIDE = 5;
  private static final int CENTRE = 12;

  private final SplittableRandom random;
  private int state = CENTRE;

  GridWalk(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One step by a policy's logits, noted among the lab's pairs. */
  void step(PropsLab lab, float[] logits) {
    int action = lab.draw(logits, state, random);
    lab.pairs.add(new int[] {state, action});
    int row = Math.clamp(state / SIDE + (action == 0 ? -1 : action == 1 ? 1 : 0), 0, SIDE - 1);
    int column = Math.clamp(state % SIDE + (action == 2 ? -1 : action == 3 ? 1 : 0), 0, SIDE - 1);
    boolean corner = row % (SIDE - 1) == 0 && column % (SIDE - 1) == 0;
    state = corner ? CENTRE : row * SIDE + column;
  }
}
