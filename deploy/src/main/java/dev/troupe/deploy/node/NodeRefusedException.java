package dev.troupe.deploy.node;

/** A node can't be started like that: one message for people that says what to do. */
public final class NodeRefusedException extends RuntimeException {
  public NodeRefusedException(String message) {
    super(message);
  }
}
