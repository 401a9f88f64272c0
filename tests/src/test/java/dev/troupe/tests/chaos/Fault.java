package dev.troupe.tests.chaos;

import java.util.Random;

/** Something that happens to the machines for a while. */
sealed interface Fault {
  /** {@code kill -9}. */
  record Killed(int machine) implements Fault {}

  /** {@code kill -STOP}, and {@code kill -CONT} after some seconds. */
  record Frozen(int machine, int seconds) implements Fault {}

  /** Its cable is out for some seconds. */
  record CutOff(int machine, int seconds) implements Fault {}

  /** For some seconds two machines see only each other, and so do the other two. */
  record Halved(int one, int other, int seconds) implements Fault {}

  /** The disk that all share is full for some seconds. */
  record DiskFull(int seconds) implements Fault {}

  /** Every sync of every process takes longer for some seconds. */
  record DiskSlow(int milliseconds, int seconds) implements Fault {}

  /** That many of a hundred packets from it and to it get lost, for some seconds. */
  record Lossy(int machine, int percent, int seconds) implements Fault {}

  /**
   * Its line carries that little for some seconds: what is sent queues for up to {@code
   * milliseconds}, and what doesn't fit in is lost.
   */
  record Thin(int machine, int kilobits, int milliseconds, int seconds) implements Fault {}

  /**
   * For some seconds every packet from it and to it takes that much longer, and up to {@code
   * jitter} more.
   */
  record Late(int machine, int milliseconds, int jitter, int seconds) implements Fault {}

  /**
   * For some seconds it hears everything and gives signs of life, but never answers: what it says
   * is lost, unless it is as small as a heartbeat.
   */
  record Mute(int machine, int seconds) implements Fault {}

  /** Bits flip in the weights that it has on disk, from which other nodes fetch theirs. */
  record Rotten(int machine, int seconds) implements Fault {}

  /** Draws one. Some are short enough for nobody to be removed, some are not. */
  static Fault draw(Random random) {
    int machine = random.nextInt(Machines.COUNT);
    int seconds = random.nextBoolean() ? 1 + random.nextInt(3) : 14 + random.nextInt(6);
    return switch (random.nextInt(16)) {
      case 0, 1 -> new Killed(machine);
      case 2, 3 -> new Frozen(machine, seconds);
      case 4 -> new CutOff(machine, seconds);
      case 5 -> new Halved(machine, (machine + 1 + random.nextInt(3)) % Machines.COUNT, seconds);
      case 6 -> new DiskFull(3 + random.nextInt(6));
      case 7, 8 -> new Lossy(machine, 5 + random.nextInt(30), 5 + random.nextInt(10));
      case 9 ->
          new Thin(
              machine,
              500 + random.nextInt(3_500),
              100 + random.nextInt(900),
              5 + random.nextInt(10));
      case 10, 11 -> new Mute(machine, 4 + random.nextInt(16));
      case 12 -> new Rotten(machine, 4 + random.nextInt(6));
      case 13, 14 ->
          new Late(machine, 20 + random.nextInt(380), random.nextInt(200), 5 + random.nextInt(15));
      default -> new DiskSlow(50 + random.nextInt(300), 4 + random.nextInt(6));
    };
  }
}
