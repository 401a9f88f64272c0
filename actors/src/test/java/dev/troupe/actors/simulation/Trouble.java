package dev.troupe.actors.simulation;

import java.util.EnumSet;
import java.util.random.RandomGenerator;

/**
 * How bad things are in one seed: which faults happen and how often, how slow and unreliable
 * messages and disks are. Every seed has a mixture of its own, so that some faults come thick.
 * Times are in milliseconds.
 */
final class Trouble {

  /** What can happen to a process; and people who swap the verifier. */
  enum Fault {
    WORKER_FROZEN,
    WORKER_CRASHES,
    WORKER_SUSPECTED,
    NODE_CRASHES,
    HEAD_FROZEN,
    HEAD_CRASHES,
    HEAD_SUSPECTED,
    LEARNER_FROZEN,
    LEARNER_CRASHES,
    LEARNER_SUSPECTED,
    CUT_OFF,
    DISK_LOW,
    SWAP
  }

  private final RandomGenerator random;
  private final EnumSet<Fault> happening = EnumSet.noneOf(Fault.class);
  private final long faultEvery;
  private final int lossPercent;
  private final int doublePercent;
  private final int latePercent;
  private final int freezePercent;
  private final long syncMax;
  private final long samplingTail;
  private final long pullMax;
  private final int checkpointEvery;
  private final boolean writesInParts;
  private boolean calm;
  private boolean diskLow;

  Trouble(RandomGenerator random) {
    this.random = random;
    for (Fault fault : Fault.values()) {
      if (random.nextInt(3) > 0) {
        happening.add(fault);
      }
    }
    faultEvery = 8_000 + random.nextLong(60_000);
    lossPercent = random.nextBoolean() ? 0 : random.nextInt(30);
    doublePercent = random.nextBoolean() ? 0 : random.nextInt(30);
    latePercent = random.nextBoolean() ? 0 : random.nextInt(25);
    freezePercent = random.nextBoolean() ? 0 : random.nextInt(5);
    syncMax = random.nextInt(3) == 0 ? 20_000 : 500;
    samplingTail = random.nextBoolean() ? 0 : 200_000;
    pullMax = random.nextBoolean() ? 2_000 : 30_000;
    checkpointEvery = 1 + random.nextInt(3);
    writesInParts = random.nextBoolean();
  }

  /** From here on nothing goes wrong. */
  void end() {
    calm = true;
    diskLow = false;
  }

  boolean happens(Fault fault) {
    return !calm && happening.contains(fault);
  }

  long nextFault() {
    return 1 + random.nextLong(2 * faultEvery);
  }

  boolean isLost() {
    return isIn(lossPercent);
  }

  boolean isDoubled() {
    return isIn(doublePercent);
  }

  boolean isFrozenInside() {
    return isIn(freezePercent);
  }

  boolean isSwitchedOff() {
    return isIn(30);
  }

  long messageTime() {
    return 5 + (isIn(latePercent) ? random.nextLong(90_000) : random.nextLong(400));
  }

  long faultTime() {
    return 1_000 + random.nextLong(random.nextBoolean() ? 20_000 : 120_000);
  }

  long samplingTime() {
    boolean tail = !calm && samplingTail > 0 && random.nextInt(10) == 0;
    return 1_000 + random.nextLong(tail ? samplingTail : 12_000);
  }

  long pullTime() {
    return 100 + random.nextLong(calm ? 500 : pullMax);
  }

  long openTime() {
    return 500 + random.nextLong(3_000);
  }

  long updateTime() {
    return 1_000 + random.nextLong(8_000);
  }

  long saveTime() {
    return 200 + random.nextLong(calm ? 1_000 : 10_000);
  }

  long takeoverTime() {
    return 50 + random.nextLong(calm ? 500 : 4_000);
  }

  long writeTime() {
    return random.nextLong(calm ? 10 : 1_000);
  }

  long syncTime() {
    return 10 + random.nextLong(calm ? 100 : syncMax);
  }

  long lookTime() {
    return random.nextLong(50);
  }

  boolean writesInParts() {
    return writesInParts;
  }

  int checkpointEvery() {
    return checkpointEvery;
  }

  void turnDiskLow(boolean low) {
    diskLow = low && !calm;
  }

  boolean hasDiskTrouble() {
    return diskLow;
  }

  private boolean isIn(int percent) {
    return !calm && percent > 0 && random.nextInt(100) < percent;
  }
}
