package dev.troupe.rollout.environment.mujoco;

/**
 * From where a world is looked at; without perspective.
 *
 * @param azimuth degrees to which it is turned: at 0 the x axis goes to the right
 * @param elevation degrees from which it looks down: 0 from the side, 90 from above
 * @param metres that are seen from left to right
 * @param height above the ground that is in the middle
 * @param follows whether the first body stays in the middle
 */
record Camera(double azimuth, double elevation, double metres, double height, boolean follows) {
  static Camera beside(double metres, double height) {
    return new Camera(0, 0, metres, height, true);
  }

  static Camera above(double metres) {
    return new Camera(0, 90, metres, 0, true);
  }

  static Camera aslant(double metres, double height) {
    return new Camera(25, 20, metres, height, true);
  }

  static Camera still(double metres, double height, double elevation) {
    return new Camera(0, elevation, metres, height, false);
  }

  /** How far to the right a place is. */
  double right(double x, double y) {
    double turn = Math.toRadians(azimuth);
    return x * Math.cos(turn) + y * Math.sin(turn);
  }

  /** How far up a place is. */
  double up(double x, double y, double z) {
    double down = Math.toRadians(elevation);
    return away(x, y) * Math.sin(down) + z * Math.cos(down);
  }

  /** How far behind a place is. */
  double depth(double x, double y, double z) {
    double down = Math.toRadians(elevation);
    return away(x, y) * Math.cos(down) - z * Math.sin(down);
  }

  private double away(double x, double y) {
    double turn = Math.toRadians(azimuth);
    return y * Math.cos(turn) - x * Math.sin(turn);
  }
}
