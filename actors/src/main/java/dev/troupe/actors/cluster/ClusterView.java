package dev.troupe.actors.cluster;

import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.actors.serialization.Local;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The cluster at this moment. */
public record ClusterView(String head, List<Node> nodes, List<Run> runs) implements Local {
  public ClusterView {
    nodes = List.copyOf(nodes);
    runs = List.copyOf(runs);
  }

  /** How a node stands. */
  public enum NodeState {
    UP,
    /** Doesn't answer; it is removed if that goes on. */
    UNREACHABLE,
    DRAINING
  }

  /**
   * A node and what it offers.
   *
   * @param slots rollout actors that it has room for, 0 without that role
   * @param allotted rollout actors by run
   * @param learners runs whose learner lives here
   */
  public record Node(
      String name,
      HostPort address,
      HostPort api,
      Set<Role> roles,
      NodeState state,
      List<String> devices,
      int processors,
      long memoryBytes,
      String version,
      int slots,
      Map<String, Integer> allotted,
      List<String> learners) {
    public Node {
      roles = Set.copyOf(roles);
      devices = List.copyOf(devices);
      allotted = Map.copyOf(allotted);
      learners = List.copyOf(learners);
    }
  }

  /** What somebody wants of a run, and whether it is so. */
  public enum RunState {
    /** Waits for nodes or for runs before it; {@link Run#waitsFor} says which. */
    QUEUED,
    ACTIVE,
    /** Ended resumable. */
    STOPPED,
    DONE,
    FAILED
  }

  /**
   * A run.
   *
   * @param waitsFor empty unless it waits
   * @param share of the rollout slots that its recipe asks for
   * @param words of its end, or of its phase
   * @param actors what each does; empty unless it is active
   */
  public record Run(
      String name,
      RunState state,
      String waitsFor,
      double share,
      RunStatus status,
      String words,
      List<ActorProgress> actors) {
    public Run {
      actors = List.copyOf(actors);
    }
  }
}
