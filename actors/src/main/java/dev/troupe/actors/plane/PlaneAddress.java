package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import java.util.List;

/**
 * Where the measured run lives, as a producing process is told it: the head's address and the
 * references of its actors in their serialization format.
 */
public record PlaneAddress(
    HostPort head, String run, String replay, String monitor, String reward, String echo) {

  /** As arguments of a process. */
  public List<String> arguments() {
    return List.of(head.toString(), run, replay, monitor, reward, echo);
  }

  /** Reads {@link #arguments}. */
  public static PlaneAddress of(List<String> arguments) {
    return new PlaneAddress(
        HostPort.parse(arguments.get(0)),
        arguments.get(1),
        arguments.get(2),
        arguments.get(3),
        arguments.get(4),
        arguments.get(5));
  }
}
