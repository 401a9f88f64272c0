package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.toytext.TransitionTable.Outcome;
import dev.troupe.rollout.picture.GridSketch;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Tint;
import java.util.List;

/**
 * A walk over ice with holes in it, to the goal; slippery, so that a third of the steps go to
 * either side. Gymnasium's FrozenLake-v1.
 *
 * <p>Options: {@code map-name} (4x4 or 8x8), {@code desc} (rows of S, F, H and G with commas
 * between them), {@code is-slippery}, {@code success-rate}, {@code reward-schedule} (goal, hole,
 * ice).
 */
final class FrozenLake extends Tabular implements Drawable {
  private static final List<String> SMALL = List.of("SFFF", "FHFH", "FFFH", "HFFG");
  private static final List<String> LARGE =
      List.of(
          "SFFFFFFF",
          "FFFFFFFF",
          "FFFHFFFF",
          "FFFFFHFF",
          "FFFHFFFF",
          "FHHFFFHF",
          "FHFFHFHF",
          "FFFHFFFG");
  private static final int[] DOWN_BY = {0, 1, 0, -1};
  private static final int[] RIGHT_BY = {-1, 0, 1, 0};

  private final String ice;
  private final int columns;

  FrozenLake(EnvironmentOptions options, String map) {
    this(rows(options, map), options);
  }

  private FrozenLake(List<String> rows, EnvironmentOptions options) {
    super(
        rows.size() * rows.getFirst().length(),
        Space.discrete("left", "down", "right", "up"),
        table(rows, options));
    ice = String.join("", rows);
    columns = rows.getFirst().length();
  }

  private static List<String> rows(EnvironmentOptions options, String map) {
    String name = options.choice("map-name", map, List.of("4x4", "8x8"));
    if (!options.has("desc")) {
      return name.equals("4x4") ? SMALL : LARGE;
    }
    String text = options.text("desc", "");
    List<String> rows = List.of(text.split(","));
    int columns = rows.getFirst().length();
    for (String row : rows) {
      if (row.length() != columns || !row.matches("[SFHG]+")) {
        throw options.wrong("desc", "rows of equal length of the letters S, F, H and G", text);
      }
    }
    if (!text.contains("S")) {
      throw options.wrong("desc", "rows with an S to start from", text);
    }
    return rows;
  }

  private static TransitionTable table(List<String> rows, EnvironmentOptions options) {
    boolean slippery = options.truth("is-slippery", true);
    double success = options.number("success-rate", 1.0 / 3.0, 0, 1);
    double fail = (1.0 - success) / 2.0;
    double[] rewards = options.numbers("reward-schedule", 1, 0, 0);
    if (rewards.length != 3) {
      throw options.wrong(
          "reward-schedule", "3 numbers: goal, hole, ice", Integer.toString(rewards.length));
    }
    String ice = String.join("", rows);
    int columns = rows.getFirst().length();
    double[] starts = new double[ice.length()];
    long count = ice.chars().filter(letter -> letter == 'S').count();
    for (int i = 0; i < starts.length; i++) {
      starts[i] = ice.charAt(i) == 'S' ? 1.0 / count : 0;
    }
    return TransitionTable.of(
        ice.length(),
        4,
        starts,
        (state, action, to) -> {
          if (isEnd(ice.charAt(state))) {
            to.add(new Outcome(1, state, 0, true));
          } else if (!slippery) {
            to.add(outcome(ice, columns, state, action, 1, rewards));
          } else {
            to.add(outcome(ice, columns, state, (action + 3) % 4, fail, rewards));
            to.add(outcome(ice, columns, state, action, success, rewards));
            to.add(outcome(ice, columns, state, (action + 1) % 4, fail, rewards));
          }
        });
  }

  private static Outcome outcome(
      String ice, int columns, int state, int direction, double probability, double[] rewards) {
    int rows = ice.length() / columns;
    int row = Math.clamp(state / columns + DOWN_BY[direction], 0, rows - 1);
    int column = Math.clamp(state % columns + RIGHT_BY[direction], 0, columns - 1);
    int next = row * columns + column;
    char letter = ice.charAt(next);
    double reward = letter == 'G' ? rewards[0] : letter == 'H' ? rewards[1] : rewards[2];
    return new Outcome(probability, next, reward, isEnd(letter));
  }

  private static boolean isEnd(char letter) {
    return letter == 'G' || letter == 'H';
  }

  @Override
  public Picture picture() {
    var sketch = new GridSketch(ice.length() / columns, columns);
    for (int place = 0; place < ice.length(); place++) {
      switch (ice.charAt(place)) {
        case 'H' -> sketch.disc(place, 0.85, Tint.BLUE);
        case 'G' -> sketch.fill(place, Tint.GREEN).letters(place, "G", Tint.PAPER);
        case 'S' -> sketch.letters(place, "S", Tint.FAINT);
        default -> {}
      }
    }
    boolean drowned = ice.charAt(number()) == 'H';
    return sketch
        .disc(number(), 0.65, Tint.PAPER)
        .disc(number(), 0.5, drowned ? Tint.RED : Tint.ORANGE)
        .picture();
  }

  @Override
  public double stepsPerSecond() {
    return 4;
  }
}
