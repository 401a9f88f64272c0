package dev.troupe.rollout.picture;

import java.util.List;

/** What a shape is coloured as; each has a colour on light paper and one on dark paper. */
public enum Tint {
  PAPER(0xffffff, 0x0d1117),
  INK(0x1f2328, 0xe6edf3),
  /** Less important writing. */
  FAINT(0x656d76, 0x9198a1),
  /** Lines behind everything. */
  GRID(0xe3e7eb, 0x2a313b),
  BLUE(0x0969b3, 0x58a6ff),
  ORANGE(0xd1590a, 0xf0883e),
  GREEN(0x12805c, 0x3fb98a),
  PURPLE(0x8250df, 0xbc8cff),
  RED(0xcf222e, 0xff7b72),
  BROWN(0x8a5a00, 0xd3a04d),
  PINK(0xbf3989, 0xf778ba),
  TEAL(0x1b7c83, 0x56d4dd);

  private static final List<Tint> SERIES =
      List.of(BLUE, ORANGE, GREEN, PURPLE, RED, BROWN, PINK, TEAL);

  private final int light;
  private final int dark;

  Tint(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /** For the thing of that number among several; after eight they begin again. */
  public static Tint series(int number) {
    return SERIES.get(number % SERIES.size());
  }

  /** 0xRRGGBB on light paper. */
  public int light() {
    return light;
  }

  /** 0xRRGGBB on dark paper. */
  public int dark() {
    return dark;
  }
}
