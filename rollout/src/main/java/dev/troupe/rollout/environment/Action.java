package dev.troupe.rollout.environment;

/** What one environment is to do: a view of its row of {@link Actions}, not to be kept. */
public final class Action {
  private final int[] choices;
  private final float[] values;
  private final int offset;
  private final int size;

  Action(int[] choices, float[] values, int offset, int size) {
    this.choices = choices;
    this.values = values;
    this.offset = offset;
    this.size = size;
  }

  /** The choice, of a discrete space. */
  public int choice() {
    return choice(0);
  }

  /** The choice of a component, of a discrete or multi-discrete space. */
  public int choice(int component) {
    if (component < 0 || component >= size || choices.length == 0) {
      throw noComponent(component, choices.length == 0 ? "a box has values" : "choices");
    }
    return choices[offset + component];
  }

  /** The value of a component, of a box. */
  public float value(int component) {
    if (component < 0 || component >= size || values.length == 0) {
      throw noComponent(component, values.length == 0 ? "a discrete space has choices" : "values");
    }
    return values[offset + component];
  }

  private IndexOutOfBoundsException noComponent(int component, String what) {
    return new IndexOutOfBoundsException(
        "action has [" + size + "] components (" + what + "), asked for [" + component + "]");
  }
}
