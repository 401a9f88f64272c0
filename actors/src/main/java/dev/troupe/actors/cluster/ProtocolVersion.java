package dev.troupe.actors.cluster;

/**
 * Of what nodes say to each other. Nodes of different versions don't work together; programs of
 * different releases may.
 *
 * <p>It is raised when a message changes or goes away, and when one is added, or a field, that
 * somebody waits for: whatever a node that doesn't know it may not ignore. What belongs to this
 * version is recorded, and a test compares.
 */
public final class ProtocolVersion {
  public static final int CURRENT = 6;

  private ProtocolVersion() {}
}
