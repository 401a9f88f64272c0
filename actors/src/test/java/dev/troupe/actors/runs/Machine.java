package dev.troupe.actors.runs;

/** A process of the simulation: what comes waits while it is frozen, and is lost with it. */
abstract class Machine {
  final RunsWorld world;
  final String name;
  private int life;
  private boolean alive;
  private long frozenUntil;
  private long cutOffUntil;

  Machine(RunsWorld world, String name) {
    this.world = world;
    this.name = name;
  }

  abstract void onStart();

  abstract void onCrash();

  final void start() {
    alive = true;
    life++;
    frozenUntil = 0;
    cutOffUntil = 0;
    world.tell(this, "starts life", life);
    onStart();
  }

  final void crash() {
    if (alive) {
      world.tell(this, "is gone");
      alive = false;
      life++;
      onCrash();
    }
  }

  final void freeze(long until) {
    world.tell(this, "frozen until", until);
    frozenUntil = Math.max(frozenUntil, until);
  }

  final void cutOff(long until) {
    world.tell(this, "cut off until", until);
    cutOffUntil = Math.max(cutOffUntil, until);
  }

  final void reconnect() {
    cutOffUntil = 0;
  }

  final boolean isAlive() {
    return alive;
  }

  final boolean isFrozen() {
    return frozenUntil > world.now();
  }

  final boolean isCutOff() {
    return cutOffUntil > world.now();
  }

  /** Whether others have reason to take it for lost. */
  final boolean isSilent() {
    return !alive || isFrozen() || isCutOff();
  }

  final long frozenUntil() {
    return frozenUntil;
  }

  final int life() {
    return life;
  }

  /** Does something later, if this life lasts until then. */
  final void after(long delay, Runnable action) {
    world.after(delay, this, life, action);
  }

  /** Has {@code action} done in that very life of {@code to}, if the message arrives. */
  final void send(Machine to, int itsLife, Object what, Runnable action) {
    world.send(this, to, itsLife, what, action);
  }

  /** By name, so that every run of a seed is the same. */
  @Override
  public final int hashCode() {
    return name.hashCode();
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public final String toString() {
    return name;
  }
}
