package dev.troupe.deploy.command;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/**
 * Ctrl-C and termination: the first one asks to finish, later ones are less patient, the last one
 * ends the process.
 */
final class Interrupts {
  private final AtomicInteger count = new AtomicInteger();
  private final List<Runnable> steps;

  private Interrupts(List<Runnable> steps) {
    this.steps = steps;
  }

  /**
   * From now on, each signal does the next of {@code steps}, and further ones the last. They run on
   * the JVM's signal thread.
   */
  static void handle(Runnable... steps) {
    Interrupts interrupts = new Interrupts(List.of(steps));
    Signals.register("INT", interrupts::arrived);
    Signals.register("TERM", interrupts::arrived);
  }

  private void arrived() {
    steps.get(Math.min(count.getAndIncrement(), steps.size() - 1)).run();
  }
}
