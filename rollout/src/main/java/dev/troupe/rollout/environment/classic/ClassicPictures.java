package dev.troupe.rollout.environment.classic;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.util.ArrayList;
import java.util.List;

/** How the classic control tasks look. */
final class ClassicPictures {
  /** As Gymnasium shows them. */
  static final double FAST = 50;

  static final double SLOW = 15;
  static final double MEDIUM = 30;

  private static final double WIDTH = 480;
  private static final double SQUARE = 320;

  private ClassicPictures() {}

  /** A cart between -2.4 and 2.4 with a pole; the angle is 0 upright and grows to the right. */
  static Picture cartPole(double x, double angle) {
    double half = WIDTH / 2 - 40;
    double middle = WIDTH / 2 + x / 2.4 * half;
    double rail = 205;
    double axle = rail - 30;
    double pole = 140;
    return new Sketch(WIDTH, 240)
        .line(10, rail, WIDTH - 10, rail, 2, Tint.FAINT)
        .line(WIDTH / 2 - half, rail, WIDTH / 2 - half, rail + 14, 2, Tint.FAINT)
        .line(WIDTH / 2 + half, rail, WIDTH / 2 + half, rail + 14, 2, Tint.FAINT)
        .box(middle - 32, rail - 34, 64, 24, Tint.INK)
        .disc(middle - 20, rail - 8, 8, Tint.FAINT)
        .disc(middle + 20, rail - 8, 8, Tint.FAINT)
        .line(
            middle,
            axle,
            middle + pole * Math.sin(angle),
            axle - pole * Math.cos(angle),
            10,
            Tint.ORANGE)
        .disc(middle, axle, 5, Tint.BLUE)
        .picture();
  }

  /** Two links from the middle, each of length 1; both angles are 0 hanging down. */
  static Picture acrobot(double first, double second) {
    double middle = SQUARE / 2;
    double link = 70;
    double elbowX = middle + link * Math.sin(first);
    double elbowY = middle + link * Math.cos(first);
    double handX = elbowX + link * Math.sin(first + second);
    double handY = elbowY + link * Math.cos(first + second);
    return new Sketch(SQUARE, SQUARE)
        .line(10, middle - link, SQUARE - 10, middle - link, 2, Tint.GREEN)
        .line(middle, middle, elbowX, elbowY, 11, Tint.BLUE)
        .line(elbowX, elbowY, handX, handY, 11, Tint.ORANGE)
        .disc(middle, middle, 7, Tint.INK)
        .disc(elbowX, elbowY, 7, Tint.INK)
        .picture();
  }

  /** A rod from the middle; the angle is 0 upright and grows to the left. */
  static Picture pendulum(double angle) {
    double middle = SQUARE / 2;
    double rod = 110;
    return new Sketch(SQUARE, SQUARE)
        .line(middle, middle - rod - 30, middle, middle - rod - 18, 2, Tint.GREEN)
        .line(
            middle,
            middle,
            middle - rod * Math.sin(angle),
            middle - rod * Math.cos(angle),
            20,
            Tint.RED)
        .disc(middle, middle, 6, Tint.INK)
        .picture();
  }

  /** A car in a valley from -1.2 to 0.6, with a flag at the goal. */
  static Picture mountainCar(double place, double goal) {
    List<Point> hill = new ArrayList<>();
    for (int i = 0; i <= 90; i++) {
      hill.add(on(-1.2 + 0.02 * i));
    }
    Point foot = on(goal);
    Sketch sketch =
        new Sketch(WIDTH, 280)
            .line(hill, 2, Tint.FAINT, 1)
            .line(foot.x(), foot.y(), foot.x(), foot.y() - 45, 2, Tint.INK)
            .area(
                List.of(
                    new Point(foot.x(), foot.y() - 45),
                    new Point(foot.x() + 22, foot.y() - 37),
                    new Point(foot.x(), foot.y() - 29)),
                Tint.ORANGE,
                1);
    return car(sketch, place).picture();
  }

  /** Two wheels on the slope and a body above them. */
  private static Sketch car(Sketch sketch, double place) {
    Point back = on(place - 0.04);
    Point front = on(place + 0.04);
    double length = Math.hypot(front.x() - back.x(), front.y() - back.y());
    double alongX = (front.x() - back.x()) / length;
    double alongY = (front.y() - back.y()) / length;
    Point at = on(place);
    List<Point> body = new ArrayList<>();
    for (double[] corner :
        new double[][] {{-18, 6}, {18, 6}, {18, 15}, {9, 15}, {5, 23}, {-18, 23}}) {
      body.add(beside(at, alongX, alongY, corner[0], corner[1]));
    }
    Point wheel = beside(at, alongX, alongY, -11, 6);
    Point other = beside(at, alongX, alongY, 11, 6);
    return sketch
        .area(body, Tint.BLUE, 1)
        .disc(wheel.x(), wheel.y(), 6, Tint.INK)
        .disc(other.x(), other.y(), 6, Tint.INK);
  }

  private static Point beside(Point at, double alongX, double alongY, double along, double up) {
    return new Point(at.x() + along * alongX + up * alongY, at.y() + along * alongY - up * alongX);
  }

  private static Point on(double x) {
    return new Point(
        20 + (x + 1.2) / 1.8 * (WIDTH - 60), 260 - (Math.sin(3 * x) * 0.45 + 0.55) * 180);
  }
}
