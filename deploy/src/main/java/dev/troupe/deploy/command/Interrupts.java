package dev.troupe.deploy.command;

import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/** Ctrl-C and termination: the first one asks to finish, the second one ends the process. */
final class Interrupts {
  private final AtomicInteger count = new AtomicInteger();
  private final Runnable first;
  private final Runnable second;

  private Interrupts(Runnable first, Runnable second) {
    this.first = first;
    this.second = second;
  }

  /** From now on. Handlers run on the JVM's signal thread. */
  static void handle(Runnable first, Runnable second) {
    Interrupts interrupts = new Interrupts(first, second);
    Signals.register("INT", interrupts::arrived);
    Signals.register("TERM", interrupts::arrived);
  }

  private void arrived() {
    if (count.incrementAndGet() == 1) {
      first.run();
    } else {
      second.run();
    }
  }
}
