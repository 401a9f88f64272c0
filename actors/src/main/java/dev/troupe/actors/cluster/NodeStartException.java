package dev.troupe.actors.cluster;

import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** A node could not start; the message says why and what to do. */
public final class NodeStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NodeStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static NodeStartException of(NodeOptions options, RuntimeException cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof BindException || String.valueOf(e.getMessage()).contains("Bind failed")) {
        return new NodeStartException(
            "node ["
                + options.name()
                + "] can't listen on ["
                + options.address()
                + "]: the port is taken or the address is not this machine's; choose another with"
                + " --bind",
            cause);
      }
    }
    return new NodeStartException(
        "node [" + options.name() + "] can't start: " + cause.getMessage(), cause);
  }
}
