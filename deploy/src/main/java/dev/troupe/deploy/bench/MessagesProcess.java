package dev.troupe.deploy.bench;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.plane.MessagePeer;
import java.io.IOException;
import org.slf4j.LoggerFactory;

/**
 * The other node of {@link MessagesBenchmark}. Says who echoes and who counts, and ends when its
 * standard input does, as it does when its parent dies.
 */
public final class MessagesProcess {
  private MessagesProcess() {}

  /** Begins with the address to join. */
  public static void main(String[] arguments) throws IOException {
    // Logging is set up before many threads want it at once.
    var _ = LoggerFactory.getILoggerFactory();
    try (MessagePeer peer = MessagePeer.join(HostPort.parse(arguments[0]))) {
      System.out.println(Child.ANSWER + String.join(" ", peer.references()));
      System.out.flush();
      while (System.in.read() >= 0) {
        // Nothing is asked of it.
      }
    }
    System.exit(0);
  }
}
