package dev.troupe.deploy.plot;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One figure's lines over one axis.
 *
 * @param metric its name
 * @param smooth values that each point is the mean of, 1 for none
 * @param goal a value to be marked
 */
record Panel(String metric, Axis axis, int smooth, OptionalDouble goal, List<Line> lines) {
  Panel {
    lines = List.copyOf(lines);
  }
}
