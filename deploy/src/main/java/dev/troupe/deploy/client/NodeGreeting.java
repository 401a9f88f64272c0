package dev.troupe.deploy.client;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.node.Joining;
import java.io.IOException;

/** Asks nodes over HTTP who they are. */
public final class NodeGreeting implements Joining.Greeter, AutoCloseable {
  private final Wire wire;

  /** Shows {@code access}. */
  public NodeGreeting(Access access) {
    this.wire = new Wire(access);
  }

  @Override
  public NodeCard greet(HostPort node) throws IOException {
    try {
      return wire.card(Wire.api(node));
    } catch (IOException e) {
      throw new IOException(
          "nobody answers at its HTTP port [" + Wire.api(node) + "]: " + Wire.why(e, false), e);
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
