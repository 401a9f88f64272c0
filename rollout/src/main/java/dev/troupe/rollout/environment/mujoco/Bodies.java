package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InModel;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a world looks: capsules and cylinders as thick lines, everything else as discs, what is
 * nearer over what is farther; each in the colour nearest to its model's.
 */
final class Bodies {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 320;
  private static final double OUTLINE = 1.5;
  private static final double METRES_OF_GROUND = 8;

  /** MuJoCo's {@code mjtGeom}. */
  private static final int PLANE = 0;

  private static final int CAPSULE = 3;
  private static final int CYLINDER = 5;
  private static final int BOX = 6;

  /** Without pink, which the brown of most models would become. */
  private static final List<Tint> TINTS =
      List.of(
          Tint.ORANGE,
          Tint.BLUE,
          Tint.GREEN,
          Tint.PURPLE,
          Tint.RED,
          Tint.BROWN,
          Tint.TEAL,
          Tint.FAINT);

  private final Camera camera;
  private final double scale;
  private final int[] types;
  private final double[] sizes;
  private final Tint[] tints;
  private final MemorySegment places;
  private final MemorySegment turns;
  private final MemorySegment bodies;

  Bodies(Simulation simulation, Camera camera) {
    this.camera = camera;
    this.scale = WIDTH / camera.metres();
    int count = simulation.count(InModel.NGEOM);
    types = simulation.integers(InModel.GEOM_TYPE, count);
    sizes = simulation.constants(InModel.GEOM_SIZE, 3 * count);
    places = simulation.array(InData.GEOM_XPOS, 3 * count);
    turns = simulation.array(InData.GEOM_XMAT, 9 * count);
    bodies = simulation.array(InData.XPOS, 3 * simulation.count(InModel.NBODY));
    float[] colours = simulation.floats(InModel.GEOM_RGBA, 4 * count);
    tints = new Tint[count];
    for (int i = 0; i < count; i++) {
      tints[i] = nearest(colours[4 * i], colours[4 * i + 1], colours[4 * i + 2]);
    }
  }

  private static Tint nearest(double red, double green, double blue) {
    return TINTS.stream()
        .min(
            Comparator.comparingDouble(
                tint ->
                    Math.pow((tint.light() >> 16 & 0xff) - 255 * red, 2)
                        + Math.pow((tint.light() >> 8 & 0xff) - 255 * green, 2)
                        + Math.pow((tint.light() & 0xff) - 255 * blue, 2)))
        .orElse(Tint.FAINT);
  }

  Picture picture() {
    double x = camera.follows() ? bodies.getAtIndex(JAVA_DOUBLE, 3) : 0;
    double y = camera.follows() ? bodies.getAtIndex(JAVA_DOUBLE, 4) : 0;
    var view = new View(x, y, new Sketch(WIDTH, HEIGHT));
    if (camera.follows()) {
      view.ground();
    }
    IntStream.range(0, types.length)
        .filter(i -> types[i] != PLANE)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -depth(i)))
        .forEach(view::draw);
    return view.sketch().picture();
  }

  private double depth(int geom) {
    return camera.depth(place(geom, 0), place(geom, 1), place(geom, 2));
  }

  private double place(int geom, int axis) {
    return places.getAtIndex(JAVA_DOUBLE, 3L * geom + axis);
  }

  /** Of its own z axis, along which capsules and cylinders lie. */
  private double direction(int geom, int axis) {
    return turns.getAtIndex(JAVA_DOUBLE, 9L * geom + 3L * axis + 2);
  }

  /** With that place of the ground in the middle, at the camera's height. */
  private final class View {
    private final double x;
    private final double y;
    private final Sketch sketch;

    View(double x, double y, Sketch sketch) {
      this.x = x;
      this.y = y;
      this.sketch = sketch;
    }

    Sketch sketch() {
      return sketch;
    }

    private Point point(double px, double py, double pz) {
      double right = camera.right(px - x, py - y);
      double up = camera.up(px - x, py - y, pz - camera.height());
      return new Point(WIDTH / 2 + right * scale, HEIGHT / 2 - up * scale);
    }

    /** A line for every metre; from the side a mark, so that progress is seen. */
    void ground() {
      double left = Math.floor(x - METRES_OF_GROUND);
      double near = Math.floor(y - METRES_OF_GROUND);
      for (int i = 0; i <= 2 * METRES_OF_GROUND + 1; i++) {
        if (camera.elevation() == 0) {
          Point at = point(left + i, 0, 0);
          sketch.line(at.x(), at.y(), at.x(), at.y() + 8, 2, Tint.FAINT);
        } else {
          line(point(left + i, near, 0), point(left + i, near + 2 * METRES_OF_GROUND + 1, 0));
          line(point(left, near + i, 0), point(left + 2 * METRES_OF_GROUND + 1, near + i, 0));
        }
      }
      if (camera.elevation() == 0) {
        Point at = point(x, 0, 0);
        sketch.line(0, at.y(), WIDTH, at.y(), 2, Tint.FAINT);
      }
    }

    private void line(Point from, Point to) {
      sketch.line(from.x(), from.y(), to.x(), to.y(), 1, Tint.GRID);
    }

    void draw(int geom) {
      double radius = Math.max(1.5, sizes[3 * geom] * scale);
      boolean isLong = types[geom] == CAPSULE || types[geom] == CYLINDER || types[geom] == BOX;
      double half = isLong ? sizes[3 * geom + (types[geom] == BOX ? 2 : 1)] : 0;
      Point from = end(geom, -half);
      Point to = end(geom, half);
      if (half > 0) {
        var ends = List.of(from, to);
        sketch.line(ends, 2 * (radius + OUTLINE), Tint.INK, 1);
        sketch.line(ends, 2 * radius, tints[geom], 1);
      } else {
        sketch.disc(from.x(), from.y(), radius + OUTLINE, Tint.INK);
        sketch.disc(from.x(), from.y(), radius, tints[geom]);
      }
    }

    private Point end(int geom, double along) {
      return point(
          place(geom, 0) + along * direction(geom, 0),
          place(geom, 1) + along * direction(geom, 1),
          place(geom, 2) + along * direction(geom, 2));
    }
  }
}
