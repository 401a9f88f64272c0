package dev.troupe.tests.chaos;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A node under a supervisor: it is started again whenever it ends, and woken when it froze. */
final class Supervised implements AutoCloseable {
  /** Longer than it takes the others to remove who doesn't answer. */
  private static final Duration FROZEN = Duration.ofSeconds(16);

  private static final int KILLED = 137;

  private final String name;
  private final Product product;
  private final List<String> arguments;
  private final Supplier<Optional<Armed>> arming;
  private Product.Running running;
  private Optional<Armed> armed = Optional.empty();
  private int starts;
  private boolean killed;
  private long frozenSince;
  private boolean held;

  /** What a process will do to itself at a crash point. */
  record Armed(CrashPoint point, int count, boolean freezes) {
    private Product on(Product product) {
      String at = point.label() + ":" + count;
      return freezes ? product.freezingAt(at) : product.crashingAt(at);
    }

    @Override
    public String toString() {
      return (freezes ? "froze " : "died ") + point.label();
    }
  }

  /**
   * Starts it.
   *
   * @param arming what each new process will do to itself
   */
  Supervised(
      String name, Product product, List<String> arguments, Supplier<Optional<Armed>> arming) {
    this.name = name;
    this.product = product;
    this.arguments = arguments;
    this.arming = arming;
    this.running = start();
  }

  private Product.Running start() {
    armed = arming.get();
    killed = false;
    frozenSince = 0;
    held = false;
    starts++;
    return armed
        .map(how -> how.on(product))
        .orElse(product)
        .start(arguments.toArray(String[]::new));
  }

  String name() {
    return name;
  }

  Process process() {
    return running.process();
  }

  /** How often it was started. */
  int starts() {
    return starts;
  }

  /** Whether the process of now is a member of the cluster. */
  boolean isUp() {
    return process().isAlive() && !isStopped() && said(running.out()).contains("] is up at ");
  }

  void kill() {
    killed = true;
    process().destroyForcibly();
  }

  void freeze() {
    held = true;
    signal("STOP");
  }

  void thaw() {
    held = false;
    frozenSince = 0;
    signal("CONT");
  }

  /**
   * What a supervisor does from time to time.
   *
   * @return a fault that the process made itself
   */
  Optional<String> look() {
    if (!process().isAlive()) {
      boolean itself = !killed && process().exitValue() == KILLED;
      Optional<String> fault = itself ? armed.map(how -> name + " " + how) : Optional.empty();
      running = start();
      return fault;
    }
    if (!held && isStopped()) {
      if (frozenSince == 0) {
        frozenSince = System.nanoTime();
        return armed.map(how -> name + " " + how);
      }
      if (System.nanoTime() - frozenSince > FROZEN.toNanos()) {
        thaw();
      }
    }
    return Optional.empty();
  }

  private boolean isStopped() {
    try {
      String status = Files.readString(Path.of("/proc", "" + process().pid(), "stat"));
      return status.charAt(status.lastIndexOf(')') + 2) == 'T';
    } catch (IOException e) {
      return false;
    }
  }

  private void signal(String which) {
    try {
      running.signal(which);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What the process of now said. */
  String said() {
    return name + " (started " + starts + " times):\n" + said(running.out()) + said(running.err());
  }

  private static String said(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e + "\n";
    }
  }

  @Override
  public void close() {
    running.kill();
  }
}
