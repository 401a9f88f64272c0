package dev.troupe.deploy.node;

import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.NodeEnd;
import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.FollowedRuns;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.api.NodeServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A node from its start to its end: the HTTP server around the cluster's node. */
public final class NodeLife {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private final NodeOptions options;
  private final FollowedRuns followed;
  private final Access access;
  private final Function<NodeOptions, ClusterNode> cluster;
  private final Consumer<String> say;
  private volatile Optional<ClusterNode> node = Optional.empty();
  private volatile boolean leaving;

  /**
   * @param followed the runs that {@code options} has followed
   * @param cluster starts the cluster's node
   * @param say shows a line to people
   */
  public NodeLife(
      NodeOptions options,
      FollowedRuns followed,
      Access access,
      Function<NodeOptions, ClusterNode> cluster,
      Consumer<String> say) {
    this.options = options;
    this.followed = followed;
    this.access = access;
    this.cluster = cluster;
    this.say = say;
  }

  /** Lives until the node's end. */
  public NodeEnd live() throws IOException, InterruptedException {
    NodeCard card =
        NodeCard.of(options.name(), options.roles(), options.address(), options.lostAfter());
    Map<String, Path> disks = new LinkedHashMap<>();
    disks.put("scratch", options.scratch());
    if (options.roles().contains(Role.HEAD) || options.roles().contains(Role.LEARNER)) {
      disks.put("home", options.home());
    }
    try (NodeServer server = NodeServer.start(options.api(), card, disks, followed, access)) {
      ClusterNode started = cluster.apply(options);
      node = Optional.of(started);
      server.serve(started);
      if (leaving) {
        started.leave();
      }
      awaitUp(started);
      return started.ended().toCompletableFuture().join();
    }
  }

  private void awaitUp(ClusterNode started) throws InterruptedException {
    long begun = System.nanoTime();
    Duration told = Duration.ZERO;
    while (!started.isUp() && !started.ended().toCompletableFuture().isDone()) {
      Thread.sleep(LOOK_EVERY);
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      if (waited.minus(told).compareTo(TELL_EVERY) >= 0) {
        told = waited;
        say.accept(
            "joining the cluster through " + options.join() + " for " + waited.toSeconds() + " s");
      }
    }
    if (started.isUp()) {
      say.accept(
          "node ["
              + options.name()
              + "] is up at "
              + options.address()
              + ": "
              + options.roles().stream().sorted().map(Role::text).collect(Collectors.joining(", "))
              + (options.roles().contains(Role.ROLLOUT)
                  ? " (" + options.slots() + " rollout actor" + (options.slots() == 1 ? ")" : "s)")
                  : "")
              + "; "
              + (options.join().isEmpty() ? "began the cluster" : "joined " + options.join())
              + "; "
              + (access.tls().isPresent() ? "https://" : "http://")
              + options.api()
              + "; log "
              + options.log());
    }
  }

  /** Finishes what it holds and leaves. */
  public void leave() {
    leaving = true;
    node.ifPresent(ClusterNode::leave);
  }

  /** Gives back what it holds and leaves. */
  public void leaveNow() {
    leaving = true;
    node.ifPresent(ClusterNode::leaveNow);
  }

  /** Whether there is a node that can leave. */
  public boolean hasStarted() {
    return node.isPresent();
  }
}
