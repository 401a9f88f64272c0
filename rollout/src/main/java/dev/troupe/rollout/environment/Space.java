package dev.troupe.rollout.environment;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.tensor.FloatArray;
import java.util.Arrays;
import java.util.List;

/**
 * The set that observations or actions belong to. In memory an element is {@link #size} numbers.
 */
public sealed interface Space {
  /** Numbers of one element. */
  int size();

  /** Extents of one element; empty for a single choice. */
  List<Integer> shape();

  /**
   * What is wrong with {@code element}, or an empty text if it belongs to the space.
   *
   * @param element {@link #size} numbers; choices as whole numbers
   */
  String fault(float... element);

  /** For people, like {@code 4 choices} or {@code box of [3]}. */
  String describe();

  /**
   * One of {@code count} choices, 0 first.
   *
   * @param names of the choices, or empty
   */
  record Discrete(int count, List<String> names) implements Space {
    public Discrete {
      names = List.copyOf(names);
      Check.atLeast("count", 1, count);
      Space.named(names, count);
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public List<Integer> shape() {
      return List.of();
    }

    @Override
    public String fault(float... element) {
      return Space.choiceFault(element[0], count, "");
    }

    @Override
    public String describe() {
      return count + " choices" + (names.isEmpty() ? "" : " " + names);
    }
  }

  /**
   * Several choices at once.
   *
   * @param counts choices of each component
   * @param names of the components, or empty
   */
  record MultiDiscrete(List<Integer> counts, List<String> names) implements Space {
    public MultiDiscrete {
      counts = List.copyOf(counts);
      names = List.copyOf(names);
      Check.that(!counts.isEmpty(), "counts", "at least one", counts);
      counts.forEach(count -> Check.atLeast("counts", 1, count));
      Space.named(names, counts.size());
    }

    @Override
    public int size() {
      return counts.size();
    }

    @Override
    public List<Integer> shape() {
      return List.of(counts.size());
    }

    @Override
    public String fault(float... element) {
      for (int i = 0; i < element.length; i++) {
        String fault = Space.choiceFault(element[i], counts.get(i), Space.name(names, i));
        if (!fault.isEmpty()) {
          return fault;
        }
      }
      return "";
    }

    @Override
    public String describe() {
      return "choices of " + counts + (names.isEmpty() ? "" : " " + names);
    }
  }

  /**
   * Numbers between bounds, which may be infinite.
   *
   * @param low a bound for each number, row-major
   * @param high a bound for each number, row-major
   * @param shape extents
   * @param names of the numbers, or empty
   */
  record Box(FloatArray low, FloatArray high, List<Integer> shape, List<String> names)
      implements Space {
    public Box {
      shape = List.copyOf(shape);
      names = List.copyOf(names);
      int size = shape.stream().reduce(1, Math::multiplyExact);
      Check.atLeast("shape", 1, size);
      Check.that(low.size() == size, "low", size + " numbers", low.size());
      Check.that(high.size() == size, "high", size + " numbers", high.size());
      for (int i = 0; i < size; i++) {
        boolean ordered = low.at(i) <= high.at(i);
        Check.that(ordered, "low", "at most high at number " + i, low.at(i) + " > " + high.at(i));
      }
      Space.named(names, size);
    }

    @Override
    public int size() {
      return low.size();
    }

    @Override
    public String fault(float... element) {
      for (int i = 0; i < element.length; i++) {
        float value = element[i];
        if (!(value >= low.at(i) && value <= high.at(i))) {
          return "number ["
              + i
              + "]"
              + Space.name(names, i)
              + " must be within ["
              + low.at(i)
              + "] and ["
              + high.at(i)
              + "], got ["
              + value
              + "]";
        }
      }
      return "";
    }

    @Override
    public String describe() {
      return "box of " + shape + (names.isEmpty() ? "" : " " + names);
    }
  }

  static Discrete discrete(int count) {
    return new Discrete(count, List.of());
  }

  /** Choices that have names. */
  static Discrete discrete(String... names) {
    return new Discrete(names.length, List.of(names));
  }

  static MultiDiscrete multiDiscrete(int... counts) {
    return new MultiDiscrete(Arrays.stream(counts).boxed().toList(), List.of());
  }

  /** A vector with bounds of its own for each number. */
  static Box box(float[] low, float[] high, String... names) {
    return new Box(FloatArray.of(low), FloatArray.of(high), List.of(low.length), List.of(names));
  }

  /** Numbers that share their bounds. */
  static Box box(float low, float high, int... shape) {
    float[] lows = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    float[] highs = lows.clone();
    Arrays.fill(lows, low);
    Arrays.fill(highs, high);
    return new Box(
        FloatArray.of(lows),
        FloatArray.of(highs),
        Arrays.stream(shape).boxed().toList(),
        List.of());
  }

  private static void named(List<String> names, int count) {
    boolean fits = names.isEmpty() || names.size() == count;
    Check.that(fits, "names", "none or " + count, names);
  }

  private static String name(List<String> names, int index) {
    return names.isEmpty() ? "" : " (" + names.get(index) + ")";
  }

  private static String choiceFault(float value, int count, String name) {
    return value >= 0 && value < count && value == Math.rint(value)
        ? ""
        : "choice" + name + " must be a whole number below [" + count + "], got [" + value + "]";
  }
}
