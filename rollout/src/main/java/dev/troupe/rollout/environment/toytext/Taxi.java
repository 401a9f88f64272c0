package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.toytext.TransitionTable.Outcome;
import dev.troupe.rollout.picture.GridSketch;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;

/**
 * Fetch a passenger and bring him where he wants to go: -1 a step, -10 for a wrong pick-up or
 * drop-off, 20 for the right one.
 *
 * <p>Dietterich, "Hierarchical reinforcement learning with the MAXQ value function decomposition"
 * (2000), as Gymnasium's Taxi-v4 has it. Options: {@code is-rainy} (a move drifts to either side),
 * {@code rainy-probability} (that it doesn't), {@code fickle-passenger} (may change his mind once),
 * {@code fickle-probability}.
 */
final class Taxi extends Tabular implements Drawable {
  private static final int STATES = 500;
  private static final int ACTIONS = 6;
  private static final int LAST = 4;
  private static final int ABOARD = 4;
  private static final int PICK_UP = 4;
  private static final List<String> MAP =
      List.of("|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |", "|Y| : |B: |");
  private static final int[] STAND_ROWS = {0, 0, 4, 4};
  private static final int[] STAND_COLUMNS = {0, 4, 0, 3};
  private static final List<Tint> STAND_TINTS =
      List.of(Tint.RED, Tint.GREEN, Tint.BROWN, Tint.BLUE);
  private static final int[] DOWN_BY = {1, -1, 0, 0};
  private static final int[] RIGHT_BY = {0, 0, 1, -1};

  /** Which way left and right of each heading are. */
  private static final int[] LEFT_OF = {2, 3, 1, 0};

  private static final int[] RIGHT_OF = {3, 2, 0, 1};

  private final boolean fickle;
  private final double fickleProbability;
  private boolean mayChangeHisMind;

  record State(int number, boolean mayChangeHisMind) {}

  Taxi(EnvironmentOptions options) {
    super(
        STATES,
        Space.discrete("south", "north", "east", "west", "pick up", "drop off"),
        table(options.truth("is-rainy", false), options.number("rainy-probability", 0.8, 0, 1)));
    fickle = options.truth("fickle-passenger", false);
    fickleProbability = options.number("fickle-probability", 0.3, 0, 1);
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    super.reset(random, first);
    mayChangeHisMind = fickle && random.random() < fickleProbability;
  }

  @Override
  int changed(int from, int to, Pcg64 random) {
    boolean moved = row(from) != row(to) || column(from) != column(to);
    if (!mayChangeHisMind || passenger(from) != ABOARD || !moved) {
      return to;
    }
    mayChangeHisMind = false;
    int other = random.integer(3);
    int goal = other < goal(from) ? other : other + 1;
    return encode(row(to), column(to), passenger(to), goal);
  }

  /** Whether an action does anything but cost: the mask that Gymnasium gives. */
  boolean isUseful(int action) {
    int state = number();
    int row = row(state);
    int column = column(state);
    if (action < PICK_UP) {
      return isOpen(row, column, action);
    }
    int stand = stand(row, column);
    return action == PICK_UP
        ? passenger(state) < ABOARD && stand == passenger(state)
        : passenger(state) == ABOARD && stand >= 0;
  }

  private static TransitionTable table(boolean rainy, double straight) {
    double[] starts = new double[STATES];
    for (int state = 0; state < STATES; state++) {
      starts[state] = passenger(state) < ABOARD && passenger(state) != goal(state) ? 1 / 300.0 : 0;
    }
    double drift = (1.0 - straight) / 2.0;
    return TransitionTable.of(
        STATES,
        ACTIONS,
        starts,
        (state, action, to) -> {
          if (action >= PICK_UP) {
            to.add(action == PICK_UP ? pickUp(state) : dropOff(state));
          } else if (rainy) {
            boolean open = isOpen(row(state), column(state), action);
            int next = open ? moved(state, action) : state;
            to.add(new Outcome(straight, next, -1, false));
            to.add(new Outcome(drift, open ? drifted(state, LEFT_OF[action]) : state, -1, false));
            to.add(new Outcome(drift, open ? drifted(state, RIGHT_OF[action]) : state, -1, false));
          } else {
            int next = isOpen(row(state), column(state), action) ? moved(state, action) : state;
            to.add(new Outcome(1, next, -1, false));
          }
        });
  }

  private static Outcome pickUp(int state) {
    boolean right =
        passenger(state) < ABOARD && stand(row(state), column(state)) == passenger(state);
    return right
        ? new Outcome(1, encode(row(state), column(state), ABOARD, goal(state)), -1, false)
        : new Outcome(1, state, -10, false);
  }

  private static Outcome dropOff(int state) {
    int stand = stand(row(state), column(state));
    if (passenger(state) != ABOARD || stand < 0) {
      return new Outcome(1, state, -10, false);
    }
    int next = encode(row(state), column(state), stand, goal(state));
    boolean right = stand == goal(state);
    return new Outcome(1, next, right ? 20 : -1, right);
  }

  private static boolean isOpen(int row, int column, int action) {
    return switch (action) {
      case 0 -> row < LAST;
      case 1 -> row > 0;
      case 2 -> column < LAST && MAP.get(row).charAt(2 * column + 2) == ':';
      default -> column > 0 && MAP.get(row).charAt(2 * column) == ':';
    };
  }

  private static int moved(int state, int direction) {
    int row = Math.clamp(row(state) + DOWN_BY[direction], 0, LAST);
    int column = Math.clamp(column(state) + RIGHT_BY[direction], 0, LAST);
    return encode(row, column, passenger(state), goal(state));
  }

  /** A drift looks at the wall that it has passed. */
  private static int drifted(int state, int direction) {
    int next = moved(state, direction);
    String walls = MAP.get(row(next));
    boolean blocked =
        switch (direction) {
          case 2 -> walls.charAt(2 * column(next)) != ':';
          case 3 -> walls.charAt(2 * column(next) + 2) != ':';
          default -> false;
        };
    return blocked ? state : next;
  }

  private static int stand(int row, int column) {
    for (int i = 0; i < STAND_ROWS.length; i++) {
      if (STAND_ROWS[i] == row && STAND_COLUMNS[i] == column) {
        return i;
      }
    }
    return -1;
  }

  private static int encode(int row, int column, int passenger, int goal) {
    return ((row * 5 + column) * 5 + passenger) * 4 + goal;
  }

  private static int row(int state) {
    return state / 100;
  }

  private static int column(int state) {
    return state / 20 % 5;
  }

  private static int passenger(int state) {
    return state / 4 % 5;
  }

  private static int goal(int state) {
    return state % 4;
  }

  @Override
  public Object state() {
    return new State(number(), mayChangeHisMind);
  }

  @Override
  public void restore(Object from) {
    var state = (State) from;
    super.restore(state.number());
    mayChangeHisMind = state.mayChangeHisMind();
  }

  @Override
  public List<Class<?>> stateTypes() {
    return List.of(State.class);
  }

  /** The goal's stand has a frame; the passenger is a small disc, in the car once he is aboard. */
  @Override
  public Picture picture() {
    var sketch = new GridSketch(LAST + 1, LAST + 1);
    for (int row = 0; row <= LAST; row++) {
      for (int column = 0; column < LAST; column++) {
        if (MAP.get(row).charAt(2 * column + 2) != ':') {
          sketch.wallRight(row * (LAST + 1) + column);
        }
      }
    }
    int state = number();
    for (int stand = 0; stand < STAND_ROWS.length; stand++) {
      sketch.letters(place(stand), "RGYB".substring(stand, stand + 1), STAND_TINTS.get(stand));
    }
    sketch.frame(place(goal(state)), STAND_TINTS.get(goal(state)));
    int car = row(state) * (LAST + 1) + column(state);
    sketch.box(car, 0.7, 0.4, Tint.ORANGE);
    return passenger(state) == ABOARD
        ? sketch.disc(car, 0.25, Tint.INK).picture()
        : sketch.spot(place(passenger(state)), Tint.INK).picture();
  }

  private static int place(int stand) {
    return STAND_ROWS[stand] * (LAST + 1) + STAND_COLUMNS[stand];
  }

  @Override
  public double stepsPerSecond() {
    return 4;
  }
}
