package dev.troupe.rollout.picture;

import dev.troupe.rollout.picture.Shape.Align;

/** A picture of a grid; cells are counted row by row. */
public final class GridSketch {
  private static final double MARGIN = 4;
  private static final double CELL_MAX = 48;
  private static final double LONGER_SIDE = 480;

  /** Smaller cells have no lines between them, and no letters. */
  private static final double CELL_LINED_MIN = 10;

  private final int columns;
  private final double cell;
  private final Sketch sketch;

  /** Begins with empty cells and the lines between them. */
  public GridSketch(int rows, int columns) {
    this.columns = columns;
    this.cell = Math.min(CELL_MAX, LONGER_SIDE / Math.max(rows, columns));
    double width = columns * cell;
    double height = rows * cell;
    this.sketch = new Sketch(width + 2 * MARGIN, height + 2 * MARGIN);
    boolean lined = cell >= CELL_LINED_MIN;
    for (int row = 0; row <= rows; row += lined ? 1 : rows) {
      double y = MARGIN + row * cell;
      sketch.line(MARGIN, y, MARGIN + width, y, 1, Tint.GRID);
    }
    for (int column = 0; column <= columns; column += lined ? 1 : columns) {
      double x = MARGIN + column * cell;
      sketch.line(x, MARGIN, x, MARGIN + height, 1, Tint.GRID);
    }
  }

  /** Fills a cell. */
  public GridSketch fill(int place, Tint tint) {
    double gap = cell >= CELL_LINED_MIN ? 2 : 0;
    sketch.box(left(place) + gap, top(place) + gap, cell - 2 * gap, cell - 2 * gap, tint);
    return this;
  }

  /** Writes into a cell. */
  public GridSketch letters(int place, String text, Tint tint) {
    if (cell >= CELL_LINED_MIN) {
      double size = cell * (text.length() > 2 ? 0.3 : 0.45);
      double x = left(place) + cell / 2;
      sketch.label(x, top(place) + cell / 2 + 0.35 * size, size, text, Align.CENTRE, tint);
    }
    return this;
  }

  /** A disc in a cell's middle; its diameter is a share of the cell. */
  public GridSketch disc(int place, double share, Tint tint) {
    sketch.disc(left(place) + cell / 2, top(place) + cell / 2, share * cell / 2, tint);
    return this;
  }

  /** A small disc in a cell's upper left corner. */
  public GridSketch spot(int place, Tint tint) {
    sketch.disc(left(place) + cell / 4, top(place) + cell / 4, cell / 9, tint);
    return this;
  }

  /** A rectangle in a cell's middle; width and height are shares of the cell. */
  public GridSketch box(int place, double wide, double high, Tint tint) {
    double x = left(place) + cell * (1 - wide) / 2;
    double y = top(place) + cell * (1 - high) / 2;
    sketch.box(x, y, cell * wide, cell * high, tint);
    return this;
  }

  /** A frame around a cell. */
  public GridSketch frame(int place, Tint tint) {
    double gap = cell / 12;
    double right = left(place) + cell - gap;
    double bottom = top(place) + cell - gap;
    double x = left(place) + gap;
    double y = top(place) + gap;
    sketch.line(x, y, right, y, 3, tint);
    sketch.line(right, y, right, bottom, 3, tint);
    sketch.line(right, bottom, x, bottom, 3, tint);
    sketch.line(x, bottom, x, y, 3, tint);
    return this;
  }

  /** A wall at a cell's right side. */
  public GridSketch wallRight(int place) {
    double x = left(place) + cell;
    sketch.line(x, top(place), x, top(place) + cell, 4, Tint.INK);
    return this;
  }

  private double left(int place) {
    return MARGIN + place % columns * cell;
  }

  private double top(int place) {
    return MARGIN + Math.floorDiv(place, columns) * cell;
  }

  /** All of it so far. */
  public Picture picture() {
    return sketch.picture();
  }
}
