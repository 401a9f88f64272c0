package dev.troupe.actors.simulation;

/** A process: it hears messages while it lives and isn't frozen. */
abstract class Party {
  final World world;
  final String name;

  /** Counts its lives; what was meant for an earlier one is not heard. */
  private int life;

  private boolean alive;
  private long frozenUntil;
  private long cutOffUntil;

  Party(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /** A life begins with nothing in memory. */
  abstract void onStart();

  /** The process is gone. */
  abstract void onCrash();

  abstract void onMessage(Message message);

  final void start() {
    alive = true;
    life++;
    world.tell(this, "starts life", life);
    onStart();
  }

  final void crash() {
    if (alive) {
      world.tell(this, "crashes in life", life);
      alive = false;
      life++;
      frozenUntil = 0;
      cutOffUntil = 0;
      onCrash();
    }
  }

  /** Nothing happens in it until {@code time}; what comes waits. */
  final void freeze(long time) {
    world.tell(this, "frozen until", time);
    frozenUntil = Math.max(frozenUntil, time);
  }

  /** Messages to it and from it are lost until {@code time}. */
  final void cutOff(long time) {
    world.tell(this, "cut off until", time);
    cutOffUntil = Math.max(cutOffUntil, time);
  }

  /** Every trouble is over. */
  final void recover() {
    frozenUntil = 0;
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

  /** Sends to whoever lives there when it arrives. */
  final void send(Party to, Message message) {
    world.send(this, to, World.ANY_LIFE, message);
  }

  /** Sends to that very life. */
  final void send(Address to, Message message) {
    world.send(this, to.party(), to.life(), message);
  }

  final Address address() {
    return new Address(this, life);
  }

  /** A process in one of its lives. */
  record Address(Party party, int life) {}

  @Override
  public final String toString() {
    return name;
  }
}
