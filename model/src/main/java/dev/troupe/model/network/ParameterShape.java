package dev.troupe.model.network;

import java.util.List;

/** Name and extents of one parameter of a network. */
public record ParameterShape(String name, List<Long> shape) {
  public ParameterShape {
    shape = List.copyOf(shape);
  }

  static ParameterShape of(String name, long... shape) {
    return new ParameterShape(name, java.util.Arrays.stream(shape).boxed().toList());
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Extents as an array. */
  public long[] extents() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
