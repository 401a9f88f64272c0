package dev.troupe.rollout.environment;

import dev.troupe.rollout.random.Pcg64;

/**
 * The actions of N environments in one array, [N, size]: {@link #choices} for discrete and
 * multi-discrete spaces, {@link #values} for boxes; the other array is empty.
 */
public final class Actions {
  private final Space space;
  private final int lanes;
  private final int size;
  private final int[] counts;
  private final int[] choices;
  private final float[] values;

  public Actions(Space space, int lanes) {
    this.space = space;
    this.lanes = lanes;
    this.size = space.size();
    this.counts =
        switch (space) {
          case Space.Discrete discrete -> new int[] {discrete.count()};
          case Space.MultiDiscrete many ->
              many.counts().stream().mapToInt(Integer::intValue).toArray();
          case Space.Box _ -> new int[0];
        };
    boolean discrete = counts.length > 0;
    this.choices = new int[discrete ? Math.multiplyExact(lanes, size) : 0];
    this.values = new float[discrete ? 0 : Math.multiplyExact(lanes, size)];
  }

  public Space space() {
    return space;
  }

  public int lanes() {
    return lanes;
  }

  /** Components of one action. */
  public int size() {
    return size;
  }

  /** To be filled by the caller, [N, size]. */
  public int[] choices() {
    return choices;
  }

  /** To be filled by the caller, [N, size]. */
  public float[] values() {
    return values;
  }

  /** The row of one environment. */
  public Action of(int lane) {
    return new Action(choices, values, lane * size, size);
  }

  /** Writes a random action of the space: uniform within bounds, normal where there are none. */
  public void sample(int lane, Pcg64 random) {
    int offset = lane * size;
    for (int i = 0; i < counts.length; i++) {
      choices[offset + i] = random.integer(counts[i]);
    }
    if (space instanceof Space.Box box) {
      for (int i = 0; i < size; i++) {
        float low = box.low().at(i);
        float high = box.high().at(i);
        boolean bounded = Float.isFinite(low) && Float.isFinite(high);
        values[offset + i] = (float) (bounded ? random.uniform(low, high) : random.normal());
      }
    }
  }

  /** Whether a row is an action at all; values outside a box are, what isn't finite is not. */
  boolean isValid(int lane) {
    int offset = lane * size;
    for (int i = 0; i < counts.length; i++) {
      int choice = choices[offset + i];
      if (choice < 0 || choice >= counts[i]) {
        return false;
      }
    }
    for (int i = counts.length == 0 ? 0 : size; i < size; i++) {
      if (!Float.isFinite(values[offset + i])) {
        return false;
      }
    }
    return true;
  }

  /** For messages: the numbers of a row. */
  String text(int lane) {
    var text = new StringBuilder();
    for (int i = lane * size; i < (lane + 1) * size; i++) {
      text.append(text.isEmpty() ? "" : ", ");
      text.append(counts.length > 0 ? Integer.toString(choices[i]) : Float.toString(values[i]));
    }
    return text.toString();
  }
}
