package dev.troupe.tests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for nodes, below those that the system gives to outgoing connections meanwhile. */
public final class Ports {
  private static final int FIRST = 20_000;
  private static final int TRIPLES = 4_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(TRIPLES));

  private Ports() {}

  /** Three free ports in a row that this process hasn't been given before; returns the first. */
  public static int threeInARow() {
    for (int i = 0; i < TRIPLES; i++) {
      int port = FIRST + 3 * Math.floorMod(NEXT.getAndIncrement(), TRIPLES);
      try (ServerSocket _ = new ServerSocket(port);
          ServerSocket _ = new ServerSocket(port + 1);
          ServerSocket _ = new ServerSocket(port + 2)) {
        return port;
      } catch (IOException _) {
        // Taken: try others.
      }
    }
    throw new UncheckedIOException(new IOException("no three free ports in a row"));
  }
}
