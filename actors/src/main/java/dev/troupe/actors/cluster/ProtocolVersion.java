package dev.troupe.actors.cluster;

/**
 * Of what nodes say to each other. Nodes of different versions don't work together; programs of
 * different releases may.
 */
public final class ProtocolVersion {
  public static final int CURRENT = 1;

  private ProtocolVersion() {}
}
