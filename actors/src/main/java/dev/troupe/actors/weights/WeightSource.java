package dev.troupe.actors.weights;

import dev.troupe.protocol.check.Check;

/**
 * A node that serves weights.
 *
 * @param port of its {@link WeightServer}
 * @param origin whether it made the weights: it is asked for as little as possible
 */
public record WeightSource(String host, int port, boolean origin) {
  public WeightSource {
    Check.notBlank("host", host);
    Check.within("port", 1, 65_535, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
