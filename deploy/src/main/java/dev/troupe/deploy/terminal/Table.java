package dev.troupe.deploy.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows of text whose columns stand below each other. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; all have the same number of cells. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** All rows, as wide as they are. */
  public List<String> lines() {
    return lines(Wrap.UNLIMITED, List.of());
  }

  /**
   * At most {@code width} wide: without as many of the columns {@code dispensable}, which the first
   * row names, as it takes; what is still too long is cut.
   */
  List<String> lines(int width, List<String> dispensable) {
    List<List<String>> shown = rows;
    for (String name : dispensable) {
      if (width(shown) <= width) {
        break;
      }
      int column = shown.getFirst().indexOf(name);
      shown = shown.stream().map(row -> without(row, column)).toList();
    }
    int[] widths = widths(shown);
    return shown.stream().map(row -> cut(line(row, widths), width)).toList();
  }

  private static List<String> without(List<String> row, int column) {
    List<String> rest = new ArrayList<>(row);
    rest.remove(column);
    return rest;
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
  }

  private static int width(List<List<String>> rows) {
    int[] widths = widths(rows);
    return rows.stream().mapToInt(row -> line(row, widths).length()).max().orElse(0);
  }

  private static int[] widths(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append(row.get(i));
      if (i < row.size() - 1) {
        line.repeat(" ", widths[i] - row.get(i).length()).append(GAP);
      }
    }
    return line.toString().stripTrailing();
  }
}
